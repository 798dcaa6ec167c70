#include "cli/local_aws.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "support/virtual_loop.h"

namespace athanor::cli {
namespace {

namespace fs = std::filesystem;

/// Answers every request with the same thing, or with nothing at all.
class Answering final : public aws::HttpClient {
 public:
  explicit Answering(int status, std::string body) : status_(status), body_(std::move(body)) {}
  Task<aws::HttpResponse> send(aws::HttpRequest request) override {
    asked = request.url;
    if (status_ == 0) throw aws::Unreachable("no answer from " + request.url, false);
    co_return aws::HttpResponse{status_, {}, body_};
  }
  std::string asked;

 private:
  int status_;
  std::string body_;
};

std::optional<LocalAws> health(int status, const std::string& body) {
  test::VirtualLoop loop;
  Answering http(status, body);
  auto found = healthOf(loop, http, "http://127.0.0.1:4566");
  EXPECT_EQ(http.asked, "http://127.0.0.1:4566/_athanor/health");
  return found;
}

TEST(LocalAws, IsTrustedOnlyWhereItsHealthNamesAthanor) {
  const auto found =
      health(200, R"({"athanor": "0.1.0", "id": "4f2a", "data": "/d", "region": "us-east-1"})");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, "4f2a");
  EXPECT_EQ(found->data, "/d");
  EXPECT_FALSE(health(200, R"({"services": {"s3": "running"}})"));
  EXPECT_FALSE(health(200, "<html>"));
  EXPECT_FALSE(health(200, "[]"));
  EXPECT_FALSE(health(404, R"({"athanor": "0.1.0", "id": "4f2a", "data": "/d"})"));
  EXPECT_FALSE(health(0, ""));
}

TEST(LocalAws, ThatRunsOnADataFolderIsFoundAndElseStarted) {
  std::string name = (fs::temp_directory_path() / "athanor-local-XXXXXX").string();
  const fs::path folder = ::mkdtemp(name.data());
  const schema::Catalogue catalogue;
  test::VirtualLoop loop;
  {
    Answering nobody(0, "");
    EXPECT_FALSE(find(loop, nobody, folder / "data", true));
    const auto started = start(catalogue, folder / "data", {});
    EXPECT_TRUE(started.server);
    Answering itself(200, R"({"athanor": "0.1.0", "id": "4f2a", "data": "/d"})");
    const auto found = find(loop, itself, folder / "data", false);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->url, started.url);
    EXPECT_EQ(itself.asked, started.url + "/_athanor/health");
  }
  fs::remove_all(folder);
}

}  // namespace
}  // namespace athanor::cli
