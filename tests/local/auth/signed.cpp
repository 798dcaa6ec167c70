#include "signed.h"

#include <fmt/format.h>

#include <fstream>
#include <random>

#include "aws/text.h"
#include "aws/uri.h"

namespace athanor::local::test {

http::Request received(const aws::HttpRequest& request) {
  const auto uri = *aws::parseUri(request.url);
  http::Request out{request.method, uri.path, uri.query, {{"host", uri.authority}}, request.body};
  for (const auto& [name, value] : request.headers) out.headers.emplace_back(aws::lower(name), value);
  return out;
}

GateFixture::GateFixture(const aws::sigv4::Key& third)
    : now(std::make_shared<Time>(*aws::sigv4::parseAmzTime("20260102T030405Z"))),
      sessions_(data_.path() / "session.key", sources()) {
  std::ofstream(data_.path() / "credentials") << "[dev]\n"
                                                 "aws_access_key_id = AKIADEVDEVDEVDEVDEV0\n"
                                                 "aws_secret_access_key = a secret of dev\n"
                                                 "\n"
                                                 "[other account]\n"
                                                 "aws_access_key_id = AKIAOTHEROTHEROTHER0\n"
                                                 "aws_secret_access_key = another secret\n"
                                                 "aws_account_id = 210987654321\n";
  if (!third.accessKeyId.empty())
    std::ofstream(data_.path() / "credentials", std::ios::app)
        << "[third]\naws_access_key_id = " << third.accessKeyId
        << "\naws_secret_access_key = " << third.secretAccessKey << "\n";
  restart();
}

Sources GateFixture::sources() const {
  auto random = std::make_shared<std::mt19937_64>(7);
  return {.now = [at = now] { return *at; }, .random = [random] { return (*random)(); }};
}

void GateFixture::restart() {
  sessions_ = auth::Sessions(data_.path() / "session.key", sources());
  gate_ = std::make_unique<auth::Gate>(
      auth::Gate::Settings{{"123456789012", "us-east-1"},
                           auth::Credentials::read(data_.path() / "credentials", "123456789012"),
                           sources()},
      sessions_);
}

auth::Admission GateFixture::admission(const http::Request& request) {
  return std::get<auth::Admission>(passage(request));
}

std::string GateFixture::refusal(const http::Request& request) {
  const auto passed = passage(request);
  const auto* response = std::get_if<http::Response>(&passed);
  if (!response) return "";
  if (response->body.starts_with('{')) {
    const auto said = Json::parse(response->body);
    return fmt::format("{} {}: {}", response->status, stringAt(said, "__type"), stringAt(said, "message"));
  }
  return fmt::format("{} {}: {}", response->status, aws::xmlText(response->body, "Code"),
                     aws::xmlText(response->body, "Message"));
}

}  // namespace athanor::local::test
