#include "provider/s3/bucket.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/curl_client.h"
#include "aws/uri.h"
#include "provider/fake_http.h"
#include "support/http_fixture.h"

namespace athanor::provider::s3 {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string nothing = "<ListVersionsResult><IsTruncated>false</IsTruncated></ListVersionsResult>";
const std::string allDeleted = "<?xml version=\"1.0\"?><DeleteResult/>";

std::string version(const std::string& key, const std::string& id, const char* what = "Version") {
  return std::string("<") + what + "><Key>" + key + "</Key><VersionId>" + id +
         "</VersionId><Owner><ID>o</ID></Owner></" + what + ">";
}
std::string page(const std::string& content, const std::string& next = "") {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListVersionsResult "
         "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>clips</Name>" +
         content + "<IsTruncated>" + (next.empty() ? "false" : "true") + "</IsTruncated>" + next +
         "</ListVersionsResult>";
}
std::string error(const std::string& code, const std::string& message) {
  return "<Error><Code>" + code + "</Code><Message>" + message +
         "</Message><RequestId>R1</RequestId></Error>";
}

/// A bucket whose service answers as a test says, on a virtual clock.
struct World : test::Surroundings {
  using Surroundings::Surroundings;
  BucketOptions options{.name = "clips", .region = "eu-west-1", .account = "123456789012"};
  void empty() { runTask(loop, Bucket(parts(), options).empty()); }
  Error failure() {
    try {
      empty();
    } catch (const Error& error) {
      return error;
    }
    throw std::logic_error("it did not fail");
  }
};

TEST(EmptyingABucket, DeletesAllVersionsAndDeleteMarkersPageByPage) {
  std::vector<test::HttpFixture::Request> seen;
  test::HttpFixture server([](const test::HttpFixture::Request& request) -> test::HttpFixture::Reply {
    if (request.method == "POST") return {.body = allDeleted};
    if (request.target.contains("key-marker=b%20%2F%2B"))
      return {.body = page(version("c", "3") + version("c", "4", "DeleteMarker"))};
    return {.body =
                page(version("a%26%3C", "1") + version("a%26%3C", "null") + version("b+%2F%2B", "2"),
                     "<NextKeyMarker>b+%2F%2B</NextKeyMarker><NextVersionIdMarker>2</NextVersionIdMarker>")};
  });
  SystemLoop loop;
  aws::CurlClient http(loop, {});
  aws::FixedCredentials credentials{{.key = {"AKID", "secret", ""}}};
  aws::Random random = [] { return 0.5; };
  aws::Governor governor(loop, random);
  Bucket bucket(
      {loop, http, credentials, governor, random},
      {.name = "clips", .region = "eu-west-1", .account = "123456789012", .endpoint = server.url()});
  runTask(loop, bucket.empty());

  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 4U);
  EXPECT_EQ(requests[0].target, "/clips?versions=&encoding-type=url&max-keys=1000");
  EXPECT_THAT(requests[0].headers.at("authorization"), HasSubstr("/eu-west-1/s3/aws4_request"));
  EXPECT_EQ(requests[0].headers.at("x-amz-expected-bucket-owner"), "123456789012");
  EXPECT_EQ(requests[1].target, "/clips?delete=");
  EXPECT_THAT(requests[1].body, HasSubstr("<Object><Key>a&#38;&#60;</Key><VersionId>1</VersionId></Object>"
                                          "<Object><Key>a&#38;&#60;</Key><VersionId>null</VersionId></Object>"
                                          "<Object><Key>b /+</Key><VersionId>2</VersionId></Object>"));
  EXPECT_EQ(requests[1].headers.at("content-md5").size(), 24U);
  EXPECT_THAT(requests[2].target, HasSubstr("&version-id-marker=2"));
  EXPECT_THAT(requests[3].body,
              HasSubstr("<VersionId>3</VersionId></Object><Object><Key>c</Key><VersionId>4<"));
}

/// What a server would make of the signature.
bool signedWell(const aws::HttpRequest& request, const std::string& secret) {
  const auto uri = *aws::parseUri(request.url);
  aws::sigv4::Wire wire{request.method, uri.path, uri.query, request.headers, request.body};
  wire.headers.emplace_back("Host", uri.authority);
  const auto claimed = aws::sigv4::authorizationOf(wire);
  return claimed && aws::sigv4::expectedOf(wire, *claimed, secret, aws::sigv4::sha256(wire.body),
                                           aws::sigv4::Rules::s3())
                            .signature == claimed->signature;
}

TEST(EmptyingABucket, AsksAwsAtTheHostOfTheBucketInItsRegion) {
  World world([](const auto& request) -> aws::HttpResponse {
    return {.status = 200, .body = request.method == "GET" ? page(version("a", "1")) : allDeleted};
  });
  world.empty();
  ASSERT_EQ(world.http.requests.size(), 2U);
  EXPECT_THAT(world.http.requests[1].url,
              testing::StartsWith("https://clips.s3.eu-west-1.amazonaws.com/?delete"));
  for (const auto& request : world.http.requests) EXPECT_TRUE(signedWell(request, "secret"));
  world.options.name = "clips.example.org";
  world.empty();
  EXPECT_THAT(world.http.requests.back().url,
              testing::StartsWith("https://s3.eu-west-1.amazonaws.com/clips.example.org?delete"));
  for (const auto& request : world.http.requests) EXPECT_TRUE(signedWell(request, "secret"));
}

TEST(EmptyingABucket, NamesWhatCouldNotBeDeletedAndDeletesTheRest) {
  World world([](const auto& request) -> aws::HttpResponse {
    if (request.url.contains("key-marker")) return {.status = 200, .body = page(version("z", "9"))};
    if (request.method == "GET")
      return {.status = 200,
              .body = page(version("a", "1") + version("b", "2"),
                           "<NextKeyMarker>b</NextKeyMarker><NextVersionIdMarker>2</NextVersionIdMarker>")};
    if (request.body.contains("<Key>z<")) return {.status = 200, .body = allDeleted};
    return {.status = 200,
            .body =
                "<DeleteResult><Error><Key>a</Key><VersionId>1</VersionId><Code>AccessDenied</Code>"
                "<Message>Object is locked</Message></Error></DeleteResult>"};
  });
  const auto error = world.failure();
  EXPECT_EQ(error.code(), ErrorCode::provider);
  EXPECT_STREQ(error.what(), "1 object of the bucket clips could not be deleted, so it stands");
  EXPECT_EQ(error.detail(), "a (version 1): Object is locked (AccessDenied)");
  EXPECT_FALSE(error.hint().empty());
  EXPECT_EQ(world.http.requests.size(), 4U);
}

TEST(EmptyingABucket, EndsAtItsDeadlineAndSaysHowFarItCame) {
  World world([](const auto& request) -> aws::HttpResponse {
    return {.status = 200,
            .body = request.method == "POST"
                        ? allDeleted
                        : page(version("a", "1") + version("b", "2"), "<NextKeyMarker>b</NextKeyMarker>")};
  });
  world.options.deadline = world.loop.tick() + std::chrono::seconds(30);
  world.http.latency = std::chrono::seconds(5);
  const auto error = world.failure();
  EXPECT_EQ(error.code(), ErrorCode::provider);
  EXPECT_THAT(error.what(), HasSubstr("clips was not emptied in time: 6 objects"));
  EXPECT_FALSE(error.hint().empty());
}

TEST(EmptyingABucket, IsDoneWhereThereIsNoSuchBucket) {
  World world([](const auto&) -> aws::HttpResponse {
    return {.status = 404, .body = error("NoSuchBucket", "The specified bucket does not exist")};
  });
  EXPECT_NO_THROW(world.empty());
  EXPECT_EQ(world.http.requests.size(), 1U);
}

TEST(EmptyingABucket, WaitsOutThrottlesThroughTheGovernor) {
  int refusals = 2;
  World world([&](const auto&) -> aws::HttpResponse {
    if (refusals-- > 0) return {.status = 503, .body = error("SlowDown", "Please reduce your request rate.")};
    return {.status = 200, .body = nothing};
  });
  world.empty();
  EXPECT_EQ(world.http.requests.size(), 3U);
  EXPECT_LT(world.governor.rate("123456789012/eu-west-1/s3"), 1000);
  EXPECT_GT(world.governor.rate("123456789012/eu-west-1"), 1e9) << "Cloud Control has a quota of its own";
}

TEST(EmptyingABucket, TriesFaultsThatPassAgainAndThenGivesUp) {
  World world([](const auto&) -> aws::HttpResponse {
    return {.status = 500, .body = error("InternalError", "We encountered an internal error.")};
  });
  EXPECT_THAT(world.failure().what(), HasSubstr("cannot empty the bucket clips: We encountered"));
  EXPECT_GT(world.http.requests.size(), 10U);
}

TEST(EmptyingABucket, SaysWhichPermissionIsMissing) {
  World world([](const auto&) -> aws::HttpResponse {
    return {.status = 403, .body = error("AccessDenied", "Access Denied")};
  });
  const auto error = world.failure();
  EXPECT_STREQ(error.what(), "cannot empty the bucket clips: Access Denied (AccessDenied)");
  EXPECT_THAT(error.hint(), HasSubstr("s3:ListBucketVersions"));
  EXPECT_EQ(world.http.requests.size(), 1U);
}

TEST(EmptyingABucket, FailsWhereTheAnswerIsNotOfS3) {
  World world([](const auto&) -> aws::HttpResponse { return {.status = 200, .body = "<html/>"}; });
  EXPECT_THAT(world.failure().what(), HasSubstr("no ListVersionsResult"));
  World failing([](const auto& request) -> aws::HttpResponse {
    return {.status = 200,
            .body = request.method == "GET" ? page(version("a", "1")) : error("Busy", "later")};
  });
  EXPECT_THAT(failing.failure().what(), HasSubstr("Busy: later"));
}

TEST(S3Messages, TakeKeysOfAnyCharacters) {
  const auto read = versionPage(page(version("caf%C3%A9%0D%01+x", "1")));
  ASSERT_EQ(read.versions.size(), 1U);
  EXPECT_EQ(read.versions[0].key, "caf\xC3\xA9\r\x01 x");
  EXPECT_THAT(deletion(read.versions), HasSubstr("<Key>caf\xC3\xA9&#13;&#1; x</Key>"));
}

}  // namespace
}  // namespace athanor::provider::s3
