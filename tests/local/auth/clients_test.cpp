#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "../fixtures.h"
#include "base/error.h"

namespace athanor::local::test {
namespace {

using testing::HasSubstr;

const std::string role = "arn:aws:iam::210987654321:role/Deploy";

/// A server that checks signatures, and a home folder whose profiles have its keys.
class CheckedServer : public testing::Test {
 protected:
  CheckedServer() {
    const auto keys = "aws_access_key_id = AKIADEVDEVDEVDEVDEV0\naws_secret_access_key = Secret/of+dev=\n";
    const auto file = home.path() / "credentials";
    std::ofstream(file) << "[dev]\n" << keys;
    std::filesystem::permissions(file, std::filesystem::perms::owner_read);
    std::ofstream(home.path() / "config") << "[profile deploy]\nrole_arn = " << role
                                          << "\nsource_profile = dev\nrole_session_name = ci\n"
                                             "region = eu-west-1\n";
    auto options = onFreePort(data.path());
    options.credentials = file;
    options.say = [this](const std::string& text) { said.push_back(text); };
    server = std::make_unique<Server>(options, catalogue());
  }

  std::vector<std::string> environment(const std::string& profile) const {
    return {"PATH=/usr/bin:/bin",
            "HOME=/nonexistent",
            "AWS_EC2_METADATA_DISABLED=true",
            "AWS_REGION=eu-west-1",
            "AWS_DEFAULT_REGION=eu-west-1",
            "AWS_PROFILE=" + profile,
            "AWS_CONFIG_FILE=" + (home.path() / "config").string(),
            "AWS_SHARED_CREDENTIALS_FILE=" + (home.path() / "credentials").string()};
  }

  TempFolder data, home;
  std::vector<std::string> said;
  std::unique_ptr<Server> server;
};

TEST_F(CheckedServer, ServesTheAwsCliByItsKeysAndByNoOthers) {
  EXPECT_TRUE(server->checksSignatures());
  const std::vector<std::string> ask = {"/usr/bin/aws", "--endpoint-url", server->url(),
                                        "--output",     "json",           "--no-cli-pager"};
  auto list = ask;
  list.insert(list.end(), {"cloudcontrol", "list-resources", "--type-name", "AWS::IVS::Channel"});
  EXPECT_EQ(run(list, environment("dev")).err, "");
  const auto stranger =
      aws(server->url(), {"cloudcontrol", "list-resources", "--type-name", "AWS::IVS::Channel"});
  EXPECT_THAT(stranger.err,
              HasSubstr("(UnrecognizedClientException) when calling the ListResources operation: "
                        "The security token included in the request is invalid."));
  auto identity = ask;
  identity.insert(identity.end(), {"sts", "get-caller-identity"});
  const auto who = run(identity, environment("dev"));
  ASSERT_EQ(who.status, 0) << who.err;
  EXPECT_EQ(Json::parse(who.out).at("Arn"), "arn:aws:iam::123456789012:user/dev");
}

TEST_F(CheckedServer, LetsBoto3AssumeARoleAndWorkWithItsKeys) {
  const auto ended = run({"/usr/bin/python3", "-c", R"py(
import boto3, json, sys
url = sys.argv[1]
sts = boto3.client('sts', endpoint_url=url)
keys = sts.assume_role(RoleArn='arn:aws:iam::210987654321:role/Deploy', RoleSessionName='ci')['Credentials']
session = boto3.Session(aws_access_key_id=keys['AccessKeyId'], aws_secret_access_key=keys['SecretAccessKey'],
                        aws_session_token=keys['SessionToken'], region_name='eu-west-1')
cc = session.client('cloudcontrol', endpoint_url=url)
made = cc.create_resource(TypeName='AWS::IVS::Channel', DesiredState='{}')['ProgressEvent']['Identifier']
s3 = session.client('s3', endpoint_url=url)
cc.create_resource(TypeName='AWS::S3::Bucket', DesiredState='{"BucketName": "clips"}')
versions = s3.list_object_versions(Bucket='clips')['ResponseMetadata']['HTTPStatusCode']
import urllib.request
from botocore.config import Config  # without it, this version presigns as AWS did before
v4 = session.client('s3', endpoint_url=url, config=Config(signature_version='s3v4'))
presigned = v4.generate_presigned_url('list_object_versions', Params={'Bucket': 'clips'})
opened = urllib.request.urlopen(presigned).status
errors = []
for secret in (keys['SecretAccessKey'][::-1],):
    try:
        boto3.client('s3', endpoint_url=url, aws_access_key_id=keys['AccessKeyId'], aws_secret_access_key=secret,
                     aws_session_token=keys['SessionToken']).list_object_versions(Bucket='clips')
    except Exception as error: errors.append(error.response['Error']['Code'])
own = boto3.client('sts', endpoint_url=url).get_session_token()['Credentials']
print(json.dumps({'made': made, 'arn': session.client('sts', endpoint_url=url).get_caller_identity()['Arn'],
                  'versions': versions, 'presigned': opened, 'errors': errors, 'own': own['AccessKeyId'][:4]}))
)py",
                          server->url()},
                         environment("dev"));
  ASSERT_EQ(ended.status, 0) << ended.err;
  const auto out = Json::parse(ended.out);
  EXPECT_THAT(out.at("made").get<std::string>(),
              testing::StartsWith("arn:aws:ivs:eu-west-1:210987654321:channel/"));
  EXPECT_EQ(out.at("arn"), "arn:aws:sts::210987654321:assumed-role/Deploy/ci");
  EXPECT_EQ(out.at("versions"), 200);
  EXPECT_EQ(out.at("presigned"), 200);
  EXPECT_EQ(out.at("errors"), Json::array({"SignatureDoesNotMatch"}));
  EXPECT_EQ(out.at("own"), "ASIA");
}

TEST(Exposure, OffLoopbackDemandsCredentials) {
  const TempFolder data;
  auto options = onFreePort(data.path());
  options.address = "0.0.0.0";
  try {
    const Server server(options, catalogue());
    FAIL() << "anybody may ask";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::usage);
    EXPECT_THAT(error.what(), HasSubstr("0.0.0.0 is not loopback"));
    EXPECT_THAT(error.hint(), HasSubstr("--credentials"));
  }
  std::ofstream(data.path() / "credentials")
      << "[dev]\naws_access_key_id=AKIADEVDEVDEVDEVDEV0\naws_secret_access_key=x\n";
  std::filesystem::permissions(data.path() / "credentials",
                               std::filesystem::perms::others_read | std::filesystem::perms::owner_all);
  std::vector<std::string> said;
  options.say = [&](const std::string& text) { said.push_back(text); };
  const Server server(options, catalogue());
  EXPECT_TRUE(server.checksSignatures());
  EXPECT_THAT(said, testing::ElementsAre(HasSubstr("chmod 600")));
}

TEST(Exposure, CredentialsThatMakeNoSenseAreRefused) {
  const TempFolder data;
  const auto failure = [&](const std::string& text) {
    std::ofstream(data.path() / "keys") << text;
    auto options = onFreePort(data.path() / "data");
    options.credentials = data.path() / "keys";
    try {
      const Server server(options, catalogue());
      return std::string();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::usage);
      return std::string(error.what());
    }
  };
  const std::string pair = "aws_access_key_id=A\naws_secret_access_key=S\n";
  EXPECT_EQ(failure("[a]\n" + pair), "");
  EXPECT_THAT(failure(""), HasSubstr("has no keys"));
  EXPECT_THAT(failure(pair), HasSubstr("keys:1: a setting stands before the first [section]"));
  EXPECT_THAT(failure("[a]\naws_access_key_id=A\n"), HasSubstr("profile \"a\" has no aws_secret_access_key"));
  EXPECT_THAT(failure("[a]\n" + pair + "aws_account_id=12\n"), HasSubstr("which is not 12 digits"));
  EXPECT_THAT(failure("[a]\n" + pair + "[b]\n" + pair), HasSubstr("has the access key A of another profile"));
  EXPECT_THAT(failure("[a]\n" + pair + "aws_session_token=x\n"), HasSubstr("has a session token"));
}

}  // namespace
}  // namespace athanor::local::test
