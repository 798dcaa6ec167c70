#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/text.h"
#include "signed.h"

namespace athanor::local::test {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::StartsWith;
namespace sigv4 = aws::sigv4;

const sigv4::Scope s3{"eu-west-1", "s3"};

/// Needs S3's own canonical form: no normalisation, encoded once.
const std::string odd = "http://127.0.0.1:4566/clips/a//../b%20c%2Bd";

class SignedForS3 : public testing::Test {
 protected:
  http::Request signedBy(const sigv4::Key& key, const std::string& url = odd,
                         const std::string& payloadHash = "") const {
    aws::HttpRequest request{.url = url};
    auto rules = sigv4::Rules::s3();
    rules.payloadHash = payloadHash;
    sigv4::sign(request, key, s3, *gate.now, rules);
    return received(request);
  }
  std::string presigned(seconds life, const sigv4::Key& key) const {
    auto rules = sigv4::Rules::s3();
    rules.payloadHash = "UNSIGNED-PAYLOAD";
    return sigv4::presign({.url = odd}, key, s3, *gate.now, life, rules);
  }
  std::string body(const http::Request& request) {
    return std::get<http::Response>(gate.passage(request)).body;
  }

  GateFixture gate;
};

TEST_F(SignedForS3, PassesByItsOwnCanonicalForm) {
  const auto asker = gate.admission(signedBy(gate.dev)).asker;
  EXPECT_EQ(asker.service, "s3");
  EXPECT_EQ(asker.caller.region, "eu-west-1");
  EXPECT_EQ(gate.refusal(signedBy(gate.dev, odd, "UNSIGNED-PAYLOAD")), "");
}

TEST_F(SignedForS3, TheListingThatIsServedIsVerified) {
  const aws::HttpRequest listing{.url = "http://127.0.0.1:4566/clips?versions"};
  EXPECT_EQ(gate.refusal(received(listing)), "403 AccessDenied: Access Denied");
  EXPECT_EQ(gate.refusal(signedBy(gate.dev, listing.url)), "");
}

TEST_F(SignedForS3, MistakesAreToldInItsWords) {
  auto request = signedBy({gate.dev.accessKeyId, "guessed", ""});
  EXPECT_EQ(gate.refusal(request),
            "403 SignatureDoesNotMatch: The request signature we calculated does not match the signature you "
            "provided. Check your key and signing method.");
  EXPECT_EQ(aws::xmlText(body(request), "AWSAccessKeyId"), gate.dev.accessKeyId);
  EXPECT_THAT(aws::xmlText(body(request), "CanonicalRequest"), StartsWith("GET\n/clips/a//../b%20c%2Bd\n"));
  request = signedBy({"AKIANOBODY0000000000", "x", ""});
  EXPECT_EQ(gate.refusal(request),
            "403 InvalidAccessKeyId: The AWS Access Key Id you provided does not exist in our records.");
  EXPECT_EQ(aws::xmlText(body(request), "AWSAccessKeyId"), "AKIANOBODY0000000000");
  auto token = gate.dev;
  token.sessionToken = "made up";
  EXPECT_EQ(gate.refusal(signedBy(token)),
            "400 InvalidToken: The provided token is malformed or otherwise invalid.");
  request = signedBy(gate.dev);
  request.headers.emplace_back("x-amz-acl", "public-read");
  EXPECT_EQ(gate.refusal(request),
            "403 AccessDenied: There were headers present in the request which were not signed");
  EXPECT_EQ(aws::xmlText(body(request), "HeadersNotSigned"), "x-amz-acl");
}

TEST_F(SignedForS3, TheBodyMustBeTheOneThatWasHashed) {
  auto request = signedBy(gate.dev);
  request.body = "something else";
  EXPECT_EQ(gate.refusal(request),
            "400 XAmzContentSHA256Mismatch: The provided 'x-amz-content-sha256' header does not match what "
            "was computed.");
  EXPECT_EQ(aws::xmlText(body(request), "S3ComputedContentSHA256"), sigv4::sha256("something else"));
  EXPECT_THAT(gate.refusal(signedBy(gate.dev, odd, "nonsense")), StartsWith("400 InvalidArgument"));
  std::erase_if(request.headers, [](const auto& one) { return one.first == "x-amz-content-sha256"; });
  EXPECT_EQ(gate.refusal(request),
            "400 InvalidRequest: Missing required header for this request: x-amz-content-sha256");
}

TEST_F(SignedForS3, TheClockMayDifferByFifteenMinutes) {
  const auto request = signedBy(gate.dev);
  *gate.now += minutes(15);
  EXPECT_EQ(gate.refusal(request), "");
  *gate.now += seconds(1);
  EXPECT_EQ(gate.refusal(request),
            "403 RequestTimeTooSkewed: The difference between the request time and the current time is too "
            "large.");
  EXPECT_EQ(aws::xmlText(body(request), "RequestTime"), "20260102T030405Z");
  EXPECT_EQ(aws::xmlText(body(request), "ServerTime"), "2026-01-02T03:19:06Z");
}

TEST_F(SignedForS3, APresignedUrlPassesUntilItExpires) {
  const auto asked = received({.url = presigned(hours(1), gate.dev)});
  EXPECT_EQ(gate.refusal(asked), "");
  *gate.now += hours(1);
  EXPECT_EQ(gate.refusal(asked), "");
  *gate.now += seconds(1);
  EXPECT_EQ(gate.refusal(asked), "403 AccessDenied: Request has expired");
  EXPECT_EQ(aws::xmlText(body(asked), "Expires"), "2026-01-02T04:04:05Z");
  EXPECT_EQ(aws::xmlText(body(asked), "X-Amz-Expires"), "3600");
  *gate.now -= hours(2);
  EXPECT_EQ(gate.refusal(asked), "403 AccessDenied: Request is not valid yet");
}

TEST_F(SignedForS3, APresignedUrlMustMakeSense) {
  EXPECT_EQ(gate.refusal(received({.url = presigned(hours(24 * 7), gate.dev)})), "");
  const auto long1 = gate.refusal(received({.url = presigned(seconds(604'801), gate.dev)}));
  EXPECT_THAT(long1,
              StartsWith("400 AuthorizationQueryParametersError: X-Amz-Expires must be less than a week"));
  EXPECT_THAT(gate.refusal(received({.url = presigned(seconds(-1), gate.dev)})),
              HasSubstr("X-Amz-Expires must be non-negative"));
  auto request = received({.url = presigned(hours(1), gate.dev)});
  request.query.replace(request.query.find("Expires=3600"), 12, "Expires=soon");
  EXPECT_THAT(gate.refusal(request), HasSubstr("X-Amz-Expires should be a number"));
  request = received({.url = presigned(hours(1), gate.dev)});
  request.query.replace(request.query.find("Expires=3600"), 12, "Expires=7200");
  EXPECT_THAT(gate.refusal(request), StartsWith("403 SignatureDoesNotMatch")) << "its life is signed";
  request.query.erase(request.query.find("&X-Amz-SignedHeaders"));
  EXPECT_THAT(gate.refusal(request), HasSubstr("requires the X-Amz-Algorithm, X-Amz-Credential"));
}

TEST_F(SignedForS3, SessionKeysPassInAllForms) {
  const auto keys = gate.sessions().issue({"123456789012", "assumed-role/Deploy/ci", "A:ci"}, minutes(20));
  const sigv4::Key key{keys.accessKeyId, keys.secretAccessKey, keys.sessionToken};
  EXPECT_EQ(gate.refusal(signedBy(key)), "");
  EXPECT_EQ(gate.refusal(received({.url = presigned(hours(1), key)})), "");
  *gate.now += minutes(20);
  EXPECT_EQ(gate.refusal(signedBy(key)), "400 ExpiredToken: The provided token has expired.");
}

TEST_F(SignedForS3, AMalformedCredentialIsToldApart) {
  const auto changed = [&](const std::string& to) {
    auto request = signedBy(gate.dev);
    for (auto& [name, value] : request.headers)
      if (name == "authorization") value.replace(value.find("/20260102/eu-west-1/s3/aws4_request"), 35, to);
    return gate.refusal(request);
  };
  const std::string malformed = "400 AuthorizationHeaderMalformed: The authorization header is malformed; ";
  EXPECT_EQ(changed("/20260102/eu-west-1/s3/aws5"),
            malformed + "incorrect terminal \"aws5\". This endpoint uses \"aws4_request\".");
  EXPECT_EQ(changed("/2026/eu-west-1/s3/aws4_request"),
            malformed +
                "incorrect date format \"2026\". This date in the credential must be in the format "
                "\"yyyyMMdd\".");
  EXPECT_THAT(changed("/20260101/eu-west-1/s3/aws4_request"), HasSubstr("Invalid credential date"));
}

}  // namespace
}  // namespace athanor::local::test
