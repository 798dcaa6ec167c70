#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/text.h"
#include "signed.h"

namespace athanor::local::test {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::StartsWith;
namespace sigv4 = aws::sigv4;

const sigv4::Scope cloudControl{"eu-west-1", "cloudcontrolapi"};

aws::HttpRequest listing() {
  aws::HttpRequest out{.method = "POST", .url = "http://127.0.0.1:4566/", .body = "{}"};
  out.headers = {{"X-Amz-Target", "CloudApiService.ListResources"},
                 {"Content-Type", "application/x-amz-json-1.0"}};
  return out;
}

/// GetCallerIdentity; the form of it is STS's query protocol.
aws::HttpRequest whoAmI() {
  aws::HttpRequest out{.method = "POST", .url = "http://127.0.0.1:4566/"};
  out.headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}};
  out.body = "Action=GetCallerIdentity&Version=2011-06-15";
  return out;
}

class SignedForCoral : public testing::Test {
 protected:
  http::Request signedBy(const sigv4::Key& key, const sigv4::Scope& scope = cloudControl,
                         aws::HttpRequest request = listing()) const {
    sigv4::sign(request, key, scope, *gate.now);
    return received(request);
  }
  /// The refusal of a request whose Authorization header was changed after it was signed.
  std::string refusalOf(const std::string& from, const std::string& to) {
    auto request = signedBy(gate.dev);
    for (auto& [name, value] : request.headers)
      if (const auto at = value.find(from); name == "authorization" && at != std::string::npos)
        value.replace(at, from.size(), to);
    return gate.refusal(request);
  }

  GateFixture gate;
};

TEST_F(SignedForCoral, PassesAndTellsUserAccountAndRegion) {
  const auto asker = gate.admission(signedBy(gate.dev)).asker;
  EXPECT_EQ(asker.caller, (Caller{"123456789012", "eu-west-1"}));
  EXPECT_EQ(asker.service, "cloudcontrolapi");
  EXPECT_EQ(asker.principal.arn("aws"), "arn:aws:iam::123456789012:user/dev");
  EXPECT_THAT(asker.principal.userId, testing::MatchesRegex("AIDA[A-Z2-7]+"));
  const auto other = gate.admission(signedBy({"AKIAOTHEROTHEROTHER0", "another secret", ""})).asker;
  EXPECT_EQ(other.caller.account, "210987654321");
  EXPECT_EQ(other.principal.arn("aws"), "arn:aws:iam::210987654321:user/other-account");
}

TEST_F(SignedForCoral, ARequestWithoutASignatureIsMissingItsToken) {
  EXPECT_EQ(gate.refusal(received(listing())),
            "400 com.amazon.coral.service#MissingAuthenticationTokenException: Request is missing "
            "Authentication Token");
  EXPECT_EQ(gate.refusal(received(whoAmI())),
            "403 MissingAuthenticationToken: Request is missing Authentication Token");
  auto bearer = listing();
  bearer.headers.emplace_back("Authorization", "Bearer abc");
  EXPECT_THAT(gate.refusal(received(bearer)), HasSubstr("MissingAuthenticationTokenException"));
}

TEST_F(SignedForCoral, AnotherSecretIsAMismatchThatShowsWhatWasSigned) {
  const auto said = gate.refusal(signedBy({gate.dev.accessKeyId, "guessed", ""}));
  EXPECT_THAT(said, StartsWith("400 com.amazon.coral.service#InvalidSignatureException: The request "
                               "signature we calculated does not match the signature you provided."));
  EXPECT_THAT(said, HasSubstr("The Canonical String for this request should have been\n'POST\n/\n\n"));
  EXPECT_THAT(said, HasSubstr("The String-to-Sign should have been\n'AWS4-HMAC-SHA256\n20260102T030405Z\n"));
  EXPECT_THAT(gate.refusal(signedBy({gate.dev.accessKeyId, "guessed", ""}, {"us-east-1", "sts"}, whoAmI())),
              StartsWith("403 SignatureDoesNotMatch: The request signature we calculated"));
}

TEST_F(SignedForCoral, WhatWasChangedAfterSigningDoesNotPass) {
  auto request = signedBy(gate.dev);
  request.body = R"({"TypeName":"x"})";
  EXPECT_THAT(gate.refusal(request), HasSubstr("InvalidSignatureException"));
  request = signedBy(gate.dev);
  request.path = "/other";
  EXPECT_THAT(gate.refusal(request), HasSubstr("InvalidSignatureException"));
  request = signedBy(gate.dev);
  for (auto& [name, value] : request.headers)
    if (name == "x-amz-target") value = "CloudApiService.DeleteResource";
  EXPECT_THAT(gate.refusal(request), HasSubstr("InvalidSignatureException"));
}

TEST_F(SignedForCoral, AKeyThatNobodyHasIsUnrecognized) {
  const sigv4::Key nobody{"AKIANOBODY0000000000", "x", ""};
  EXPECT_EQ(gate.refusal(signedBy(nobody)),
            "400 com.amazon.coral.service#UnrecognizedClientException: The security token included in the "
            "request is invalid.");
  EXPECT_EQ(gate.refusal(signedBy(nobody, {"us-east-1", "sts"}, whoAmI())),
            "403 InvalidClientTokenId: The security token included in the request is invalid.");
  auto withToken = gate.dev;
  withToken.sessionToken = "made up";
  EXPECT_THAT(gate.refusal(signedBy(withToken)), HasSubstr("UnrecognizedClientException"));
}

TEST_F(SignedForCoral, TheClockMayDifferByFiveMinutes) {
  const auto request = signedBy(gate.dev);
  *gate.now += minutes(5);
  EXPECT_EQ(gate.refusal(request), "");
  *gate.now += seconds(1);
  EXPECT_EQ(gate.refusal(request),
            "400 com.amazon.coral.service#InvalidSignatureException: Signature expired: 20260102T030405Z is "
            "now earlier than 20260102T030406Z (20260102T030906Z - 5 min.)");
  *gate.now -= minutes(10) + seconds(2);
  EXPECT_EQ(gate.refusal(request),
            "400 com.amazon.coral.service#InvalidSignatureException: Signature not yet current: "
            "20260102T030405Z is still later than 20260102T030404Z (20260102T025904Z + 5 min.)");
}

TEST_F(SignedForCoral, StsTakesFifteenMinutes) {
  const auto request = signedBy(gate.dev, {"us-east-1", "sts"}, whoAmI());
  *gate.now += minutes(15);
  EXPECT_EQ(gate.refusal(request), "");
  *gate.now += seconds(1);
  EXPECT_THAT(gate.refusal(request), HasSubstr("(20260102T031906Z - 15 min.)"));
}

TEST_F(SignedForCoral, APresignedUrlPasses) {
  const aws::HttpRequest request{.url = "http://127.0.0.1:4566/?Action=GetCallerIdentity&Version=2011-06-15"};
  const auto url = sigv4::presign(request, gate.dev, {"us-east-1", "sts"}, *gate.now, seconds(60));
  const auto asked = received({.url = url});
  EXPECT_EQ(gate.admission(asked).asker.principal.resource, "user/dev");
  auto changed = asked;
  changed.query.replace(changed.query.find("GetCallerIdentity"), 17, "GetSessionTokenXX");
  EXPECT_THAT(gate.refusal(changed), StartsWith("403 SignatureDoesNotMatch"));
  EXPECT_EQ(gate.refusal(received({.url = url.substr(0, url.find("&X-Amz-Signature"))})),
            "400 IncompleteSignature: AWS query-string parameters must include 'X-Amz-Signature'. Re-examine "
            "the query-string parameters.");
  *gate.now += minutes(16);
  EXPECT_THAT(gate.refusal(asked), StartsWith("403 SignatureDoesNotMatch: Signature expired: "));
}

TEST_F(SignedForCoral, WhatIsMissingIsNamed) {
  const std::string incomplete = "400 com.amazon.coral.service#IncompleteSignatureException: ";
  EXPECT_EQ(refusalOf("Signature=", "Signatur="),
            incomplete +
                "Authorization header requires 'Signature' parameter. Authorization="
                "AWS4-HMAC-SHA256");
  EXPECT_EQ(refusalOf("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA512"),
            incomplete + "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA512'.");
  EXPECT_THAT(refusalOf("SignedHeaders=", "SignedHeaders, Signed="),
              StartsWith(incomplete + "'SignedHeaders' not a valid key=value pair (missing equal-sign)"));
  EXPECT_EQ(refusalOf("/20260102/eu-west-1/cloudcontrolapi/aws4_request", ""),
            incomplete +
                "Credential must have exactly 5 slash-delimited elements, e.g. "
                "keyid/date/region/service/term, got 'AKIADEVDEVDEVDEVDEV0'");
  auto noDate = signedBy(gate.dev);
  std::erase_if(noDate.headers, [](const auto& header) { return header.first == "x-amz-date"; });
  EXPECT_THAT(gate.refusal(noDate),
              StartsWith(incomplete + "Authorization header requires existence of either a 'X-Amz-Date'"));
  for (auto& [name, value] : noDate.headers)
    if (name == "content-type") name = "date";
  EXPECT_THAT(gate.refusal(noDate), StartsWith(incomplete + "Date must be in ISO-8601 'basic format'. Got "));
}

TEST_F(SignedForCoral, TheScopeMustBeTheServices) {
  EXPECT_EQ(refusalOf("/20260102/eu-west-1/cloudcontrolapi/aws4_request", "/20260101/Mars/s3/aws5"),
            "400 com.amazon.coral.service#InvalidSignatureException: Credential should be scoped to a valid "
            "region, not 'Mars'. Credential should be scoped to correct service: 'cloudcontrolapi'. "
            "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5'. Date in "
            "Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20260101' != "
            "'20260102', from '20260102T030405Z'. ");
}

TEST_F(SignedForCoral, HostAndAmazonsHeadersMustBeSigned) {
  EXPECT_THAT(refusalOf("host;", ""),
              HasSubstr("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."));
  auto request = signedBy(gate.dev);
  request.headers.emplace_back("x-amz-extra", "slipped in");
  EXPECT_THAT(gate.refusal(request), HasSubstr("'x-amz-extra' must be a 'SignedHeader'"));
}

TEST_F(SignedForCoral, SessionKeysPassUntilTheyExpire) {
  const auto keys =
      gate.sessions().issue({"210987654321", "assumed-role/Deploy/ci", "AROAX:ci"}, minutes(15));
  const sigv4::Key key{keys.accessKeyId, keys.secretAccessKey, keys.sessionToken};
  const auto asker = gate.admission(signedBy(key)).asker;
  EXPECT_EQ(asker.caller.account, "210987654321");
  EXPECT_TRUE(asker.temporary);
  EXPECT_EQ(asker.principal.arn("aws"), "arn:aws:sts::210987654321:assumed-role/Deploy/ci");

  const aws::HttpRequest query{.url = "http://x/?Action=GetCallerIdentity&Version=2011-06-15"};
  const auto url = sigv4::presign(query, key, {"us-east-1", "sts"}, *gate.now, seconds(60));
  EXPECT_EQ(gate.admission(received({.url = url})).asker.principal.userId, "AROAX:ci");

  gate.restart();
  EXPECT_EQ(gate.refusal(signedBy(key)), "") << "a restart loses no session";
  EXPECT_THAT(gate.refusal(signedBy({keys.accessKeyId, keys.secretAccessKey, ""})),
              HasSubstr("UnrecognizedClientException"));
  EXPECT_THAT(gate.refusal(signedBy({keys.accessKeyId, "guessed", keys.sessionToken})),
              HasSubstr("InvalidSignatureException"));
  EXPECT_THAT(gate.refusal(signedBy({"ASIAOTHER00000000000", keys.secretAccessKey, keys.sessionToken})),
              HasSubstr("UnrecognizedClientException"));
  *gate.now += minutes(15);
  EXPECT_EQ(gate.refusal(signedBy(key)),
            "400 com.amazon.coral.service#ExpiredTokenException: The security token included in the request "
            "is expired");
  EXPECT_EQ(gate.refusal(signedBy(key, {"us-east-1", "sts"}, whoAmI())),
            "403 ExpiredToken: The security token included in the request is expired");
}

TEST_F(SignedForCoral, ATokenWithAChangedByteIsNoToken) {
  const auto keys = gate.sessions().issue({"123456789012", "user/dev", "AIDAX"}, minutes(15));
  ASSERT_TRUE(gate.sessions().open(keys.sessionToken));
  for (std::size_t at = 0; at < keys.sessionToken.size(); ++at) {
    auto changed = keys.sessionToken;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    const auto opened = gate.sessions().open(changed);
    EXPECT_FALSE(opened && opened->accessKeyId != keys.accessKeyId) << at;
    if (at < 40) {
      EXPECT_FALSE(opened) << at;
    }
  }
  EXPECT_FALSE(gate.sessions().open(""));
  EXPECT_FALSE(gate.sessions().open("AAAA"));
  EXPECT_FALSE(gate.sessions().open(std::string(100'000, 'A')));
}

}  // namespace
}  // namespace athanor::local::test
