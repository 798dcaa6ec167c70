#include "provider/cloudcontrol/providers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "provider/fake_http.h"

namespace athanor::provider::cloudcontrol {
namespace {

using test::answer;
using testing::HasSubstr;

/// The whole of AWS's endpoints, and one AWS that runs here, on a virtual clock.
struct World {
  explicit World(Access itsAccess = {}, std::map<std::string, std::string> variables = {})
      : environment{.variables = std::move(variables), .home = "/nonexistent"}, access(std::move(itsAccess)) {
    environment.variables.emplace("AWS_EC2_METADATA_DISABLED", "true");
  }

  aws::HttpResponse reply(const aws::HttpRequest& request) {
    if (request.url.starts_with("http://127.0.0.1:4566")) {
      if (request.url.ends_with("/_athanor/health"))
        return answer({{"athanor", "0.1.0"},
                       {"id", "4f2a"},
                       {"account", "123456789012"},
                       {"region", "us-east-1"},
                       {"data", "/d"},
                       {"signatures", verifies ? "checked" : "unchecked"}});
      if (request.body.starts_with("Action=AssumeRole&"))
        return {.status = 200,
                .body =
                    "<AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
                    "<SessionToken>t</SessionToken>"};
      if (request.body.starts_with("Action=GetCallerIdentity"))
        return {.status = 200, .body = "<Arn>arn</Arn><Account>444455556666</Account>"};
      return answer({{"ResourceDescription", {{"Identifier", "x"}, {"Properties", "{}"}}}});
    }
    if (request.url.contains("sts") || request.body.starts_with("Action=GetCallerIdentity")) {
      if (request.url.starts_with("http://other")) return {.status = 404, .body = "not here"};
      return {.status = 200,
              .body = "<Arn>arn:aws:iam::111122223333:user/u</Arn><Account>111122223333</Account>"};
    }
    if (request.url.contains("cloudcontrolapi"))
      return answer({{"ResourceDescription", {{"Identifier", "x"}, {"Properties", "{}"}}}});
    return {.status = 404, .body = "<html>not found</html>"};
  }

  CloudControlProviders& providers() {
    if (!providers_) providers_.emplace(loop, http, catalogue, environment, access, [] { return 0.5; });
    return *providers_;
  }
  Target target(const std::string& region = "", const std::string& profile = "") {
    return runTask(loop, providers().target(region, profile));
  }
  Error failure() {
    try {
      (void)target();
    } catch (const Error& error) {
      return error;
    }
    throw std::logic_error("it did not fail");
  }

  bool verifies = false;
  test::VirtualLoop loop;
  test::FakeHttp http{loop, [this](const auto& request) { return reply(request); }};
  schema::Catalogue catalogue;
  aws::Environment environment;
  Access access;

 private:
  std::optional<CloudControlProviders> providers_;
};

const std::map<std::string, std::string> keys = {
    {"AWS_ACCESS_KEY_ID", "AKID"}, {"AWS_SECRET_ACCESS_KEY", "s"}, {"AWS_REGION", "eu-west-1"}};

TEST(CloudControlProviders, AnEndpointThatNamesAthanorNeedsNeitherKeysNorRegion) {
  World world({.endpoint = "http://127.0.0.1:4566"});
  EXPECT_EQ(world.target(), (Target{"aws", "123456789012", "us-east-1", "local:4f2a"}));
  EXPECT_EQ(world.target("eu-west-1"), (Target{"aws", "123456789012", "eu-west-1", "local:4f2a"}));
  auto& provider = world.providers().provider(world.target("eu-west-1"));
  EXPECT_TRUE(runTask(world.loop, provider.read("AWS::S3::Bucket", "x")));
  EXPECT_EQ(world.http.requests.back().url, "http://127.0.0.1:4566");
  EXPECT_THAT(aws::header(world.http.requests.back().headers, "Authorization"),
              HasSubstr("Credential=test/"));
}

TEST(CloudControlProviders, TheEndpointOfTheEnvironmentCountsTheSame) {
  World world({}, {{"AWS_ENDPOINT_URL", "http://127.0.0.1:4566/"}, {"AWS_DEFAULT_REGION", "eu-north-1"}});
  EXPECT_EQ(world.target(), (Target{"aws", "123456789012", "eu-north-1", "local:4f2a"}));
}

TEST(CloudControlProviders, AnAwsThatVerifiesSignaturesIsAskedForTheAccountOfTheKeys) {
  World world({.endpoint = "http://127.0.0.1:4566"}, keys);
  world.verifies = true;
  EXPECT_EQ(world.target(), (Target{"aws", "444455556666", "eu-west-1", "local:4f2a"}));
  EXPECT_THAT(aws::header(world.http.requests.back().headers, "Authorization"),
              HasSubstr("Credential=AKID/"));
}

TEST(CloudControlProviders, AnAwsThatVerifiesSignaturesGivesTheKeysOfRolesItself) {
  auto variables = keys;
  const auto config =
      std::filesystem::temp_directory_path() / ("athanor-config-" + std::to_string(::getpid()));
  std::ofstream(config) << "[profile deploy]\nrole_arn = arn:aws:iam::444455556666:role/Deploy\n"
                           "credential_source = Environment\n";
  variables["AWS_CONFIG_FILE"] = config.string();
  World world({.profile = "deploy", .endpoint = "http://127.0.0.1:4566"}, variables);
  world.verifies = true;
  EXPECT_EQ(world.target().account, "444455556666");
  std::filesystem::remove(config);
  ASSERT_EQ(world.http.requests.size(), 3U);
  EXPECT_TRUE(world.http.requests[1].url.starts_with("http://127.0.0.1:4566")) << world.http.requests[1].url;
  EXPECT_THAT(aws::header(world.http.requests[2].headers, "Authorization"),
              HasSubstr("Credential=ASIAROLE/"));
}

TEST(CloudControlProviders, AwsItselfIsAskedForTheAccountOnce) {
  World world({}, keys);
  EXPECT_EQ(world.target(), (Target{"aws", "111122223333", "eu-west-1", ""}));
  (void)world.target();
  ASSERT_EQ(world.http.requests.size(), 1U);
  EXPECT_EQ(world.http.requests.at(0).url, "https://sts.eu-west-1.amazonaws.com");
  (void)runTask(world.loop, world.providers().provider(world.target()).read("AWS::S3::Bucket", "x"));
  EXPECT_EQ(world.http.requests.back().url, "https://cloudcontrolapi.eu-west-1.amazonaws.com");
}

TEST(CloudControlProviders, OtherEndpointsAreTargetsOfTheirOwn) {
  World world({.endpoint = "http://other:9999"}, keys);
  EXPECT_EQ(world.target(), (Target{"aws", "", "eu-west-1", "http://other:9999"}));
}

TEST(CloudControlProviders, AwsOwnPrivateEndpointsLeadToTheSameTargetAsAwsItself) {
  World world({.endpoint = "https://vpce-1.cloudcontrolapi.eu-west-1.vpce.amazonaws.com"}, keys);
  EXPECT_EQ(world.target(), (Target{"aws", "111122223333", "eu-west-1", ""}));
  (void)runTask(world.loop, world.providers().provider(world.target()).read("AWS::S3::Bucket", "x"));
  EXPECT_EQ(world.http.requests.back().url, world.access.endpoint);
}

TEST(CloudControlProviders, RegionsHaveTheirPartition) {
  auto china = keys;
  china["AWS_REGION"] = "cn-north-1";
  World world({}, china);
  EXPECT_EQ(world.target().partition, "aws-cn");
  EXPECT_EQ(world.http.requests.at(0).url, "https://sts.cn-north-1.amazonaws.com.cn");
}

TEST(CloudControlProviders, SaysWhatIsMissing) {
  World noRegion({}, {{"AWS_ACCESS_KEY_ID", "AKID"}, {"AWS_SECRET_ACCESS_KEY", "s"}});
  EXPECT_EQ(noRegion.failure().code(), ErrorCode::usage);
  EXPECT_THAT(noRegion.failure().hint(), HasSubstr("--region"));
  World noKeys({}, {{"AWS_REGION", "eu-west-1"}});
  EXPECT_EQ(noKeys.failure().code(), ErrorCode::credentials);
  World noUrl({.endpoint = "127.0.0.1:4566"}, keys);
  EXPECT_THAT(noUrl.failure().what(), HasSubstr("\"127.0.0.1:4566\""));
}

TEST(CloudControlProviders, ReachesAnotherRegionOfTheSameAccountAndRefusesAnotherAccount) {
  World world({}, keys);
  const auto here = world.target();
  auto elsewhere = here;
  elsewhere.region = "us-west-2";
  (void)runTask(world.loop, world.providers().provider(elsewhere).read("AWS::S3::Bucket", "x"));
  EXPECT_EQ(world.http.requests.back().url, "https://cloudcontrolapi.us-west-2.amazonaws.com");
  for (const auto& stranger : {Target{"aws", "999999999999", "eu-west-1", ""},
                               Target{"aws", "123456789012", "eu-west-1", "local:4f2a"}}) {
    try {
      (void)world.providers().provider(stranger);
      FAIL() << toString(stranger);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::refused);
      EXPECT_THAT(error.what(), HasSubstr(toString(stranger)));
      EXPECT_THAT(error.what(), HasSubstr(toString(here)));
    }
  }
}

constexpr auto recording = "AWS::IVS::RecordingConfiguration";

TEST(CloudControlProviders, OnAwsItTranslatesOrRefusesWhatAwsWouldNotHonour) {
  const Json props = {
      {"DestinationConfiguration", {{"S3", {{"BucketName", "b"}, {"Prefix", "recordings/"}}}}}};
  World strict({}, keys);
  auto& provider = strict.providers().provider(strict.target());
  try {
    (void)provider.createCall(recording, props, "t");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::refused);
    EXPECT_THAT(error.path(), HasSubstr("prefix"));
    EXPECT_THAT(error.hint(), HasSubstr("--allow-lossy"));
  }
  World lossy({.allowLossy = true}, keys);
  const auto call = lossy.providers().provider(lossy.target()).createCall(recording, props, "t");
  EXPECT_EQ(Json::parse(Json::parse(call.body).at("DesiredState").get<std::string>()),
            (Json{{"DestinationConfiguration", {{"S3", {{"BucketName", "b"}}}}}}));
  World local({.endpoint = "http://127.0.0.1:4566"});
  auto& here = local.providers().provider(local.target());
  EXPECT_EQ(here.wire(recording, props), props);
  EXPECT_EQ(
      Json::parse(
          Json::parse(here.createCall(recording, props, "t").body).at("DesiredState").get<std::string>()),
      props);
}

std::string s3Asked(World& world) {
  auto& provider = world.providers().provider(world.target());
  try {
    runTask(world.loop,
            provider.empty("AWS::S3::Bucket", "clips", world.loop.tick() + std::chrono::minutes(1)));
  } catch (const Error&) {  // nobody here speaks S3
  }
  const auto& url = world.http.requests.back().url;
  return url.substr(0, url.find('?'));
}

TEST(CloudControlProviders, EmptyABucketWhereItLies) {
  World aws({}, keys);
  EXPECT_EQ(s3Asked(aws), "https://clips.s3.eu-west-1.amazonaws.com/");
  World local({.endpoint = "http://127.0.0.1:4566"}, {{"AWS_ENDPOINT_URL_S3", "http://elsewhere"}});
  EXPECT_EQ(s3Asked(local), "http://127.0.0.1:4566/clips");
  auto split = keys;
  split["AWS_ENDPOINT_URL_CLOUDCONTROL"] = "http://other:1";
  World foreign({}, split);
  EXPECT_EQ(s3Asked(foreign), "http://other:1/clips") << "and not AWS, which has nothing to do with it";
  split["AWS_ENDPOINT_URL_S3"] = "http://other:2";
  World own({}, split);
  EXPECT_EQ(s3Asked(own), "http://other:2/clips");
}

}  // namespace
}  // namespace athanor::provider::cloudcontrol
