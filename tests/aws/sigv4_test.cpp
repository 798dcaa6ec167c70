#include "aws/sigv4.h"

#include <gtest/gtest.h>

#include <fstream>

#include "aws/text.h"
#include "base/json.h"

namespace athanor::aws::sigv4 {
namespace {

/// AWS's own test suite: for each request, the canonical form, the string to sign and the signature, once in
/// headers and once in the query.
const std::vector<Json>& suite() {
  static const auto cases = [] {
    std::ifstream file(std::string(ATHANOR_SOURCE_DIR) + "/tests/aws/data/sigv4-suite.json");
    return Json::parse(file).at("cases").get<std::vector<Json>>();
  }();
  return cases;
}

struct Case {
  Wire wire;
  Key key;
  Scope scope;
  Rules rules;
  std::string time;
  std::chrono::system_clock::time_point now;
  std::chrono::seconds expires{0};
};

/// The case's request with its folded header lines joined.
Case read(const Json& json) {
  Case out;
  const auto text = json.at("request").get<std::string>();
  std::size_t at = 0;
  auto line = [&] {
    const auto end = std::min(text.find('\n', at), text.size());
    auto one = text.substr(at, end - at);
    at = std::min(end + 1, text.size());
    return one;
  };
  const auto first = line();
  const auto target = first.substr(first.find(' ') + 1, first.rfind(' ') - first.find(' ') - 1);
  out.wire.method = first.substr(0, first.find(' '));
  out.wire.path = target.substr(0, target.find('?'));
  if (target.contains('?')) out.wire.query = target.substr(target.find('?') + 1);
  while (at < text.size()) {
    const auto field = line();
    if (field.empty()) break;
    if (field.starts_with(' '))
      out.wire.headers.back().second += "\n" + field;
    else
      out.wire.headers.emplace_back(field.substr(0, field.find(':')), field.substr(field.find(':') + 1));
  }
  out.wire.body = text.substr(at);

  const auto& context = json.at("context");
  const auto& credentials = context.at("credentials");
  out.key = {credentials.at("access_key_id"), credentials.at("secret_access_key"),
             stringAt(credentials, "token")};
  out.scope = {context.at("region"), context.at("service")};
  out.rules.normalizePath = context.at("normalize");
  out.rules.payloadHeader = context.at("sign_body");
  out.rules.signSessionToken = !context.value("omit_session_token", false);
  out.expires = std::chrono::seconds(context.at("expiration_in_seconds").get<int>());
  for (char c : context.at("timestamp").get<std::string>())
    if (c != '-' && c != ':') out.time += c;
  out.now = *parseAmzTime(out.time);
  return out;
}

HttpRequest requestOf(const Case& one) {
  HttpRequest request;
  request.method = one.wire.method;
  request.url = "https://" + header(one.wire.headers, "Host") + one.wire.path +
                (one.wire.query.empty() ? "" : "?" + one.wire.query);
  request.headers = one.wire.headers;
  request.body = one.wire.body;
  return request;
}

class PublishedExample : public testing::TestWithParam<std::size_t> {};

TEST_P(PublishedExample, IsSignedAsAwsSignsIt) {
  const auto& json = suite()[GetParam()];
  SCOPED_TRACE(json.at("name").get<std::string>());
  const auto one = read(json);
  auto request = requestOf(one);
  sign(request, one.key, one.scope, one.now, one.rules);

  auto wire = one.wire;
  wire.headers = request.headers;
  const auto claimed = authorizationOf(wire);
  ASSERT_TRUE(claimed);
  const auto& expected = json.at("header");
  const auto canonical = canonicalRequest(wire, claimed->signedHeaders, sha256(wire.body), one.rules);
  EXPECT_EQ(canonical, stringAt(expected, "canonical"));
  EXPECT_EQ(stringToSign(one.time, one.scope, canonical), stringAt(expected, "stringToSign"));
  EXPECT_EQ(claimed->signature, stringAt(expected, "signature"));
}

TEST_P(PublishedExample, IsPresignedAsAwsPresignsIt) {
  const auto& json = suite()[GetParam()];
  SCOPED_TRACE(json.at("name").get<std::string>());
  const auto one = read(json);
  const auto url = presign(requestOf(one), one.key, one.scope, one.now, one.expires, one.rules);

  auto wire = one.wire;
  wire.query = url.substr(url.find('?') + 1);
  const auto claimed = authorizationOf(wire);
  ASSERT_TRUE(claimed);
  EXPECT_TRUE(claimed->query);
  EXPECT_EQ(claimed->expires, std::to_string(one.expires.count()));
  EXPECT_EQ(claimed->signature, stringAt(json.at("query"), "signature"));
}

INSTANTIATE_TEST_SUITE_P(Sigv4, PublishedExample, testing::Range<std::size_t>(0, suite().size()),
                         [](const auto& info) {
                           auto name = suite()[info.param].at("name").template get<std::string>();
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST(Sigv4, TheWholePublishedSuiteIsThere) { EXPECT_EQ(suite().size(), 38); }

TEST(Sigv4, AChangedBodyPathHeaderOrSecretDoesNotVerify) {
  HttpRequest request{.method = "POST", .url = "https://example.amazonaws.com/a?b=c", .body = "body"};
  request.headers.emplace_back("X-Amz-Target", "CloudApiService.GetResource");
  const auto now = *parseAmzTime("20260102T030405Z");
  sign(request, {"AKID", "secret", ""}, {"eu-west-1", "cloudcontrolapi"}, now);
  Wire wire{"POST", "/a", "b=c", request.headers, "body"};
  wire.headers.emplace_back("Host", "example.amazonaws.com");
  const auto claimed = authorizationOf(wire);
  ASSERT_TRUE(claimed);
  EXPECT_EQ(claimed->accessKeyId, "AKID");
  EXPECT_EQ(claimed->scope.region, "eu-west-1");
  const auto verifies = [&](const Wire& received, std::string_view secret) {
    const auto expected = expectedOf(received, *claimed, secret, sha256(received.body), {});
    return same(expected.signature, claimed->signature);
  };
  ASSERT_TRUE(verifies(wire, "secret"));

  auto changed = [&](auto change) {
    auto other = wire;
    change(other);
    return verifies(other, "secret");
  };
  EXPECT_FALSE(changed([](Wire& w) { w.body = "Body"; }));
  EXPECT_FALSE(changed([](Wire& w) { w.path = "/b"; }));
  EXPECT_FALSE(changed([](Wire& w) { w.query = "b=d"; }));
  EXPECT_FALSE(changed([](Wire& w) { w.headers[0].second = "CloudApiService.DeleteResource"; }));
  EXPECT_FALSE(verifies(wire, "Secret"));
}

TEST(Sigv4, HeadersThatProxiesChangeAreNotSigned) {
  HttpRequest request{.url = "https://example.amazonaws.com/"};
  request.headers = {{"User-Agent", "athanor"}, {"Connection", "keep-alive"}, {"Accept-Encoding", "gzip"}};
  sign(request, {"AKID", "secret", ""}, {"us-east-1", "s3"}, {}, Rules::s3());
  Wire wire{"GET", "/", "", request.headers, ""};
  EXPECT_EQ(authorizationOf(wire)->signedHeaders,
            (std::vector<std::string>{"host", "x-amz-content-sha256", "x-amz-date"}));
}

TEST(Sigv4, WhatIsNotSignedClaimsNothing) {
  EXPECT_FALSE(authorizationOf({"GET", "/", "", {}, ""}));
  EXPECT_FALSE(authorizationOf({"GET", "/", "X-Amz-Date=20260102T030405Z", {}, ""}));
}

TEST(Sigv4, WhatIsHalfSignedClaimsWhatItSays) {
  const auto claimed = [](const std::string& authorization) {
    return *authorizationOf({"GET", "/", "", {{"Authorization", authorization}}, ""});
  };
  EXPECT_EQ(claimed("Bearer abc").algorithm, "Bearer");
  const auto half = claimed("AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=Host;X-Amz-Date,what");
  EXPECT_EQ(half.credential, "a/b");
  EXPECT_EQ(half.accessKeyId, "");
  EXPECT_EQ(half.signedHeaders, (std::vector<std::string>{"host", "x-amz-date"}));
  EXPECT_EQ(half.signature, "");
  EXPECT_EQ(half.strange, "what");
  const auto slashes = claimed("AWS4-HMAC-SHA256 Credential=a/b/20260102/eu-west-1/s3/aws4_request");
  EXPECT_EQ(slashes.accessKeyId, "a/b");
  EXPECT_EQ(slashes.scope.region, "eu-west-1");
  EXPECT_EQ(authorizationOf({"GET", "/", "X-Amz-Algorithm=AWS4-HMAC-SHA256", {}, ""})->credential, "");
}

TEST(Sigv4, TimesThatAreNoneAreRefused) {
  EXPECT_FALSE(parseAmzTime(""));
  EXPECT_FALSE(parseAmzTime("2015-08-30T12:36"));
  EXPECT_FALSE(parseAmzTime("20151330T123600Z"));
  EXPECT_EQ(amzTime(*parseAmzTime("20150830T123600Z")), "20150830T123600Z");
}

}  // namespace
}  // namespace athanor::aws::sigv4
