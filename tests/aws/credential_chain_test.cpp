#include "aws/credential_chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/aws_home.h"
#include "aws/time.h"
#include "base/json.h"
#include "support/virtual_loop.h"

namespace athanor::aws {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Answers by URL, as a test says; everything else is unreachable.
class Web final : public HttpClient {
 public:
  using Script = std::function<std::optional<HttpResponse>(const HttpRequest&)>;
  explicit Web(Loop& loop) : loop_(loop) {}
  Task<HttpResponse> send(HttpRequest request) override {
    requests.push_back(request);
    co_await sleepFor(loop_, std::chrono::milliseconds(1));
    if (script)
      if (auto response = script(request)) co_return *response;
    throw Unreachable("nobody is at " + request.url, false);
  }
  Script script;
  std::vector<HttpRequest> requests;

 private:
  Loop& loop_;
};

struct World : AwsHome {
  test::VirtualLoop loop;
  Web web{loop};
  std::optional<Config> files;
  std::optional<CredentialChain> chain;

  Credentials find(const std::string& profile = "") {
    files = Config::load(environment);
    chain.emplace(loop, web, environment, *files, Selection{profile, "", ""});
    return again();
  }
  Credentials again() { return runTask(loop, chain->get()); }
  Error failure(const std::string& profile = "") {
    try {
      (void)find(profile);
    } catch (const Error& error) {
      return error;
    }
    throw std::logic_error("it found some");
  }
  std::string& operator[](const char* variable) { return environment.variables[variable]; }
};

HttpResponse stsAnswer(const std::string& id, const std::string& expires = "2027-01-15T09:00:00Z") {
  return {.status = 200,
          .body = "<R xmlns=\"x\"><Credentials><AccessKeyId>" + id +
                  "</AccessKeyId><SecretAccessKey>a&amp;b</SecretAccessKey><SessionToken>t</"
                  "SessionToken><Expiration>" +
                  expires + "</Expiration></Credentials></R>"};
}

TEST(CredentialChain, TakesTheEnvironmentFirst) {
  World world;
  world.credentials("[default]\naws_access_key_id = file\naws_secret_access_key = s\n");
  world["AWS_ACCESS_KEY_ID"] = "env";
  world["AWS_SECRET_ACCESS_KEY"] = "s";
  world["AWS_SESSION_TOKEN"] = "token";
  const auto found = world.find();
  EXPECT_EQ(found.key.accessKeyId, "env");
  EXPECT_EQ(found.key.sessionToken, "token");
  EXPECT_EQ(found.from, "the environment");
}

TEST(CredentialChain, AProfileAskedForByNameGoesBeforeTheEnvironment) {
  World world;
  world.credentials("[dev]\naws_access_key_id = dev\naws_secret_access_key = s\n");
  world["AWS_ACCESS_KEY_ID"] = "env";
  world["AWS_SECRET_ACCESS_KEY"] = "s";
  EXPECT_EQ(world.find("dev").key.accessKeyId, "dev");
  world["AWS_PROFILE"] = "dev";
  EXPECT_EQ(world.find().key.accessKeyId, "env");
}

TEST(CredentialChain, SaysWhichHalfIsMissing) {
  World world;
  world["AWS_ACCESS_KEY_ID"] = "env";
  EXPECT_THAT(world.failure().what(), HasSubstr("AWS_SECRET_ACCESS_KEY is not"));
  World other;
  other.credentials("[default]\naws_secret_access_key = s\n");
  EXPECT_THAT(other.failure().what(), HasSubstr("no aws_access_key_id"));
}

TEST(CredentialChain, NamesTheProfilesThereAreWhereTheOneAskedForIsMissing) {
  World world;
  world.config("[profile one]\nregion = x\n[profile two]\nregion = y\n");
  const auto error = world.failure("three");
  EXPECT_EQ(error.code(), ErrorCode::credentials);
  EXPECT_THAT(error.what(), HasSubstr("\"three\""));
  EXPECT_THAT(error.hint(), HasSubstr("one, two"));
}

TEST(CredentialChain, SaysWhereItLookedWhenItFoundNone) {
  World world;
  const auto error = world.failure();
  EXPECT_EQ(error.code(), ErrorCode::credentials);
  EXPECT_THAT(error.detail(), HasSubstr(world.environment.home + "/.aws/credentials"));
  EXPECT_THAT(error.hint(), HasSubstr("--local"));
}

TEST(CredentialChain, AssumesARoleWithTheKeysOfItsSourceProfile) {
  World world;
  world.config(
      "[profile base]\naws_access_key_id = base\naws_secret_access_key = s\n"
      "[profile dev]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = base\nexternal_id = x y\n"
      "role_session_name = me\nregion = eu-west-1\nduration_seconds = 900\n");
  world.web.script = [](const HttpRequest&) { return stsAnswer("role"); };
  const auto found = world.find("dev");
  EXPECT_EQ(found.key.accessKeyId, "role");
  EXPECT_EQ(found.key.secretAccessKey, "a&b");
  const auto& request = world.web.requests.at(0);
  EXPECT_EQ(request.url, "https://sts.eu-west-1.amazonaws.com");
  EXPECT_EQ(
      request.body,
      "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr&RoleSessionName=me&"
      "DurationSeconds=900&ExternalId=x%20y");
  EXPECT_THAT(header(request.headers, "Authorization"), HasSubstr("Credential=base/"));
}

TEST(CredentialChain, FollowsAChainOfRolesAndSeesWhenItGoesInACircle) {
  World world;
  world.config(
      "[profile a]\nrole_arn = ra\nsource_profile = b\n[profile b]\nrole_arn = rb\nsource_profile = b\n"
      "aws_access_key_id = own\naws_secret_access_key = s\n"
      "[profile x]\nrole_arn = rx\nsource_profile = y\n[profile y]\nrole_arn = ry\nsource_profile = x\n");
  world.web.script = [](const HttpRequest& request) {
    return stsAnswer(request.body.contains("RoleArn=rb") ? "rb" : "ra");
  };
  EXPECT_EQ(world.find("a").key.accessKeyId, "ra");
  EXPECT_THAT(header(world.web.requests.at(0).headers, "Authorization"), HasSubstr("Credential=own/"));
  EXPECT_THAT(header(world.web.requests.at(1).headers, "Authorization"), HasSubstr("Credential=rb/"));
  EXPECT_THAT(world.failure("x").what(), HasSubstr("leads back"));
}

TEST(CredentialChain, AssumesARoleWithTheEnvironmentsKeys) {
  World world;
  world.config(
      "[profile dev]\nrole_arn = r\ncredential_source = Environment\n[profile bad]\nrole_arn = r\n"
      "credential_source = Moon\n[profile none]\nrole_arn = r\n[profile mfa]\nrole_arn = r\nsource_profile = "
      "dev\nmfa_serial = m\n");
  world["AWS_ACCESS_KEY_ID"] = "env";
  world["AWS_SECRET_ACCESS_KEY"] = "s";
  world.web.script = [](const HttpRequest&) { return stsAnswer("role"); };
  EXPECT_EQ(world.find("dev").key.accessKeyId, "role");
  EXPECT_THAT(world.failure("bad").hint(), HasSubstr("EcsContainer"));
  EXPECT_THAT(world.failure("none").what(), HasSubstr("neither source_profile nor credential_source"));
  EXPECT_THAT(world.failure("mfa").what(), HasSubstr("second factor"));
}

TEST(CredentialChain, TellsWhatStsSaysWhereItRefuses) {
  World world;
  world.config("[profile dev]\nrole_arn = r\ncredential_source = Environment\n");
  world["AWS_ACCESS_KEY_ID"] = "env";
  world["AWS_SECRET_ACCESS_KEY"] = "s";
  world.web.script = [](const HttpRequest&) {
    return HttpResponse{.status = 403,
                        .body =
                            "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>it has "
                            "expired</Message></Error></ErrorResponse>"};
  };
  const auto error = world.failure("dev");
  EXPECT_THAT(error.what(), HasSubstr("it has expired (ExpiredToken)"));
  EXPECT_THAT(error.hint(), HasSubstr("sign in again"));
}

TEST(CredentialChain, ExchangesAWebIdentityTokenWithoutSigning) {
  World world;
  world["AWS_WEB_IDENTITY_TOKEN_FILE"] = world.write("token", "jwt\n");
  world["AWS_ROLE_ARN"] = "arn:r";
  world["AWS_REGION"] = "eu-west-1";
  world.web.script = [](const HttpRequest&) { return stsAnswer("web"); };
  EXPECT_EQ(world.find().key.accessKeyId, "web");
  EXPECT_THAT(world.web.requests.at(0).body, HasSubstr("WebIdentityToken=jwt"));
  EXPECT_EQ(header(world.web.requests.at(0).headers, "Authorization"), "");
}

TEST(CredentialChain, RunsACredentialProcess) {
  World world;
  const auto script = world.script(
      "keys",
      R"(printf '{"Version":1,"AccessKeyId":"%s","SecretAccessKey":"s","SessionToken":"%s","Expiration":"2027-01-15T10:00:00Z"}' "$1" "$2")");
  world.config(
      "[profile dev]\ncredential_process = \"" + script +
      "\" 'proc ess' to\\ ken\n[profile bad]\ncredential_process = " + world.script("fails", "exit 3") +
      "\n[profile gone]\ncredential_process = /nonexistent/program\n"
      "[profile odd]\ncredential_process = /bin/echo hello\n");
  const auto found = world.find("dev");
  EXPECT_EQ(found.key.accessKeyId, "proc ess");
  EXPECT_EQ(found.key.sessionToken, "to ken");
  EXPECT_TRUE(found.expires);
  EXPECT_THAT(world.failure("bad").what(), HasSubstr("status 3"));
  EXPECT_THAT(world.failure("gone").what(), HasSubstr("cannot be started"));
  EXPECT_THAT(world.failure("odd").what(), HasSubstr("no AccessKeyId"));
}

TEST(CredentialChain, AsksTheContainerWithItsToken) {
  World world;
  world["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://127.0.0.1:9/creds";
  world["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = world.write("token", "Bearer abc\n");
  world.web.script = [](const HttpRequest& request) -> std::optional<HttpResponse> {
    EXPECT_EQ(header(request.headers, "Authorization"), "Bearer abc");
    return HttpResponse{
        .status = 200,
        .body =
            R"({"AccessKeyId":"c","SecretAccessKey":"s","Token":"t","Expiration":"2027-01-15T10:00:00Z"})"};
  };
  EXPECT_EQ(world.find().key.sessionToken, "t");
  world["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://example.com/creds";
  EXPECT_THAT(world.failure().what(), HasSubstr("neither https nor this machine"));
  world["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2/x";
  (void)world.find();
  EXPECT_EQ(world.web.requests.back().url, "http://169.254.170.2/v2/x");
}

TEST(CredentialChain, AsksTheInstanceThroughATokenAndNotWhereThatIsSwitchedOff) {
  World world;
  world["AWS_EC2_METADATA_DISABLED"] = "";
  world["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = "http://127.0.0.1:9/";
  world.web.script = [](const HttpRequest& request) -> std::optional<HttpResponse> {
    if (request.method == "PUT") return HttpResponse{.status = 200, .body = "tok"};
    if (header(request.headers, "X-aws-ec2-metadata-token") != "tok") return HttpResponse{.status = 401};
    if (request.url.ends_with("/security-credentials/"))
      return HttpResponse{.status = 200, .body = "my-role"};
    EXPECT_TRUE(request.url.ends_with("/security-credentials/my-role"));
    return HttpResponse{
        .status = 200,
        .body =
            R"({"Code":"Success","AccessKeyId":"i","SecretAccessKey":"s","Token":"t","Expiration":"2027-01-15T10:00:00Z"})"};
  };
  EXPECT_EQ(world.find().key.accessKeyId, "i");
  world["AWS_EC2_METADATA_DISABLED"] = "TRUE";
  const auto asked = world.web.requests.size();
  EXPECT_THAT(world.failure().detail(), HasSubstr("switched off"));
  EXPECT_EQ(world.web.requests.size(), asked);
}

TEST(CredentialChain, UsesTheSignInOfIamIdentityCenter) {
  World world;
  world.config(
      "[profile dev]\nsso_session = work\nsso_account_id = 1\nsso_role_name = Admin\n"
      "[sso-session work]\nsso_region = eu-west-1\nsso_start_url = https://x\n");
  EXPECT_THAT(world.failure("dev").hint(), HasSubstr("aws sso login --profile dev"));
  // sha1("work")
  const auto file = std::string(".aws/sso/cache/e274eeff768c6396088ec6eb091f4bf4d47ab1e0.json");
  world.write(file, R"({"accessToken":"tok","expiresAt":"2027-01-15T07:00:00Z"})");
  EXPECT_THAT(world.failure("dev").what(), HasSubstr("expired"));
  world.write(file, R"({"accessToken":"tok","expiresAt":"2027-01-15T09:00:00Z"})");
  world.web.script = [](const HttpRequest& request) -> std::optional<HttpResponse> {
    EXPECT_EQ(
        request.url,
        "https://portal.sso.eu-west-1.amazonaws.com/federation/credentials?role_name=Admin&account_id=1");
    EXPECT_EQ(header(request.headers, "x-amz-sso_bearer_token"), "tok");
    return HttpResponse{
        .status = 200,
        .body =
            R"({"roleCredentials":{"accessKeyId":"sso","secretAccessKey":"s","sessionToken":"t","expiration":1800003600000}})"};
  };
  EXPECT_EQ(world.find("dev").key.accessKeyId, "sso");
}

TEST(CredentialChain, KeepsWhatItFoundUntilShortlyBeforeItExpires) {
  World world;  // its clock begins at 2027-01-15T08:00:00Z
  world["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/x";
  int asked = 0;
  world.web.script = [&](const HttpRequest&) -> std::optional<HttpResponse> {
    if (++asked > 2) return std::nullopt;
    return HttpResponse{
        .status = 200,
        .body = Json{{"AccessKeyId", std::to_string(asked)},
                     {"SecretAccessKey", "s"},
                     {"Expiration", asked == 1 ? "2027-01-15T09:00:00Z" : "2027-01-15T10:00:00Z"}}
                    .dump()};
  };
  EXPECT_EQ(world.find().key.accessKeyId, "1");
  runTask(world.loop, sleepFor(world.loop, std::chrono::minutes(54)));
  EXPECT_EQ(world.again().key.accessKeyId, "1");
  runTask(world.loop, sleepFor(world.loop, std::chrono::minutes(2)));
  EXPECT_EQ(world.again().key.accessKeyId, "2");
  // Nobody gives new ones any more: the old ones do until their last half minute.
  runTask(world.loop, sleepFor(world.loop, std::chrono::minutes(60)));
  EXPECT_EQ(world.again().key.accessKeyId, "2");
  runTask(world.loop, sleepFor(world.loop, std::chrono::minutes(5)));
  EXPECT_THROW(world.again(), Error);
}

Task<> askTogether(CredentialChain* chain, int count) {
  std::vector<Later<Credentials>> running;
  for (int i = 0; i < count; ++i) running.push_back(start(chain->get()));
  for (auto& one : running) EXPECT_EQ((co_await one).key.accessKeyId, "role");
}

TEST(CredentialChain, SearchesOnceForAllThatAskAtTheSameTime) {
  World world;
  world.config("[profile dev]\nrole_arn = r\ncredential_source = Environment\n");
  world["AWS_ACCESS_KEY_ID"] = "env";
  world["AWS_SECRET_ACCESS_KEY"] = "s";
  world.web.script = [](const HttpRequest&) { return stsAnswer("role"); };
  world.files = Config::load(world.environment);
  world.chain.emplace(world.loop, world.web, world.environment, *world.files, Selection{"dev", "", ""});
  runTask(world.loop, askTogether(&*world.chain, 50));
  EXPECT_EQ(world.web.requests.size(), 1U);
  world.chain->reject();
  (void)world.again();
  EXPECT_EQ(world.web.requests.size(), 2U);
}

}  // namespace
}  // namespace athanor::aws
