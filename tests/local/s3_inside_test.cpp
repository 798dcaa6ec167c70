// Lists of S3 against a model, and what recordings are put with.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <fstream>
#include <set>
#include <thread>

#include "base/loop.h"
#include "fixtures.h"
#include "local/s3/listing.h"
#include "local/s3/store.h"

namespace athanor::local::test {
namespace {

/// What a page of everything would show: keys, and common prefixes with their delimiter.
std::vector<std::string> model(const std::set<std::string>& keys, const s3::ListRequest& request) {
  std::set<std::string> out;
  for (const auto& key : keys) {
    if (!key.starts_with(request.prefix)) continue;
    const auto at =
        request.delimiter.empty() ? std::string::npos : key.find(request.delimiter, request.prefix.size());
    out.insert(at == std::string::npos ? key : key.substr(0, at + request.delimiter.size()));
  }
  return {out.begin(), out.end()};
}

TEST(S3Lists, ShowByPagesWhatAModelShows) {
  rc::check("pages of any size, put together, are the whole list", [] {
    const auto text = rc::gen::container<std::string>(rc::gen::element('a', 'b', '/', '\xC3', '\xFF', '\0'));
    const auto keys = *rc::gen::container<std::set<std::string>>(
        rc::gen::suchThat(text, [](const std::string& key) { return !key.empty(); }));
    s3::ListRequest request;
    request.prefix = *rc::gen::element<std::string>("", "a", "a/", "/", "b\xFF");
    request.delimiter = *rc::gen::element<std::string>("", "/", "ab", "\xFF");
    request.most = *rc::gen::inRange(1, 5);
    cloudcontrol::Database database(":memory:");
    s3::Index index(database);
    for (const auto& key : keys) {
      s3::Object object;
      object.key = key;
      index.put(7, object);
    }
    std::vector<std::string> found;
    for (bool more = true; more;) {
      const auto page = s3::listed(index, 7, request);
      std::set<std::string> entries(page.prefixes.begin(), page.prefixes.end());
      for (const auto& object : page.objects) entries.insert(object.key);
      RC_ASSERT(entries.size() == page.prefixes.size() + page.objects.size());
      RC_ASSERT(static_cast<int>(entries.size()) <= request.most);
      RC_ASSERT(!page.more || static_cast<int>(entries.size()) == request.most);
      found.insert(found.end(), entries.begin(), entries.end());
      request.after = page.last;
      more = page.more;
    }
    RC_ASSERT(found == model(keys, request));
  });
}

/// Batches that end at once.
class AtOnce final : public Batch {
 public:
  explicit AtOnce(cloudcontrol::Database& database) : database_(database) {}
  std::string enter() override {
    database_.begin();
    return "";
  }
  void spoil(const std::string&) override { database_.rollback(); }
  void whenOver(End end) override {
    database_.commit();
    end("");
  }

 private:
  cloudcontrol::Database& database_;
};

class S3Store : public testing::Test {
 protected:
  S3Store() {
    database.sqlite().exec(
        "INSERT INTO resources (account, region, type, identifier, model, visible_from, implied) VALUES "
        "('1', 'eu-west-1', 'AWS::S3::Bucket', 'recordings', '{}', 0, 1)");
  }
  /// What a put ends with.
  std::string put(recorder::Object object) {
    std::optional<std::string> out;
    s3::Store store(service);
    // Recorders put from threads of their own.
    std::thread([&] { store.put(std::move(object), [&](std::string why) { out = std::move(why); }); }).join();
    while (!out) loop.runUntil([&] { return out.has_value(); });  // the loop does not know of the workers
    return *out;
  }
  std::string contents(const s3::Object& object) const {
    std::ostringstream out;
    out << std::ifstream(folder.path() / "s3" / object.content.file).rdbuf();
    return out.str();
  }

  TempFolder folder;
  Sources sources = systemSources();
  SystemLoop loop;
  cloudcontrol::Database database{":memory:"};
  s3::Index index{database};
  cloudcontrol::Behaviours behaviours;
  cloudcontrol::Inventory inventory{database, catalogue(), behaviours, sources, nullptr};
  AtOnce batch{database};
  s3::Service service{loop, batch, database, inventory, index, catalogue(), sources, folder.path() / "s3"};
};

TEST_F(S3Store, KeepsBytesAndFilesWithTheirRole) {
  const std::string role = "arn:aws:iam::1:role/Recorder";
  EXPECT_EQ(put({{"recordings", "", role}, "ivs/v1/a.ts", "video/mp2t", std::string("segment")}), "");
  const auto bucket = index.bucket("recordings", {});
  ASSERT_TRUE(bucket);
  auto found = index.find(bucket->id, "ivs/v1/a.ts");
  ASSERT_TRUE(found);
  EXPECT_EQ(contents(*found), "segment");
  EXPECT_EQ(found->role, role);
  EXPECT_EQ(database.sqlite().execAndGet("SELECT role || ' ' || key FROM s3_access").getString(),
            role + " ivs/v1/a.ts");

  std::ofstream(folder.path() / "segment.ts") << "of a file";
  EXPECT_EQ(put({{"recordings", "", ""}, "ivs/v1/a.ts", "video/mp2t", folder.path() / "segment.ts"}), "");
  std::filesystem::remove(folder.path() / "segment.ts");
  found = index.find(bucket->id, "ivs/v1/a.ts");
  ASSERT_TRUE(found);
  EXPECT_EQ(contents(*found), "of a file");
}

TEST_F(S3Store, SaysWhyItCannotAndLeavesNothing) {
  EXPECT_EQ(put({{"none", "", ""}, "k", "x/y", std::string("bytes")}), "the bucket none does not exist");
  EXPECT_THAT(put({{"recordings", "", ""}, "k", "x/y", folder.path() / "missing"}),
              testing::HasSubstr("the object k cannot be kept: "));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path() / "s3"));
}

}  // namespace
}  // namespace athanor::local::test
