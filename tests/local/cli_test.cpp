#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixtures.h"

namespace athanor::local::test {
namespace {

const std::string recordingType = "AWS::IVS::RecordingConfiguration";

TEST(AwsCli, CreatesReadsListsAndDeletesARecordingConfiguration) {
  const TempFolder data;
  const Server server(onFreePort(data.path()), catalogue());
  const auto created =
      awsJson(server.url(),
              {"cloudcontrol", "create-resource", "--type-name", recordingType, "--desired-state",
               R"({"Name":"clips","DestinationConfiguration":{"S3":{"BucketName":"my-video-recordings"}}})"});
  const auto& event = created.at("ProgressEvent");
  ASSERT_EQ(event.at("OperationStatus"), "SUCCESS") << created;
  const auto arn = event.at("Identifier").get<std::string>();
  EXPECT_THAT(
      arn, testing::MatchesRegex("arn:aws:ivs:us-east-1:123456789012:recording-configuration/[a-zA-Z0-9]+"));

  const auto read = awsJson(
      server.url(), {"cloudcontrol", "get-resource", "--type-name", recordingType, "--identifier", arn});
  const auto model = Json::parse(read.at("ResourceDescription").at("Properties").get<std::string>());
  EXPECT_EQ(model.at("Name"), "clips");
  EXPECT_EQ(model.at("State"), "ACTIVE");
  EXPECT_EQ(model.at("RecordingReconnectWindowSeconds"), 0) << "a default of the service is shown";

  const auto listed = awsJson(server.url(), {"cloudcontrol", "list-resources", "--type-name", recordingType});
  ASSERT_EQ(listed.at("ResourceDescriptions").size(), 1);
  EXPECT_EQ(listed.at("ResourceDescriptions")[0].at("Identifier"), arn);

  const auto deleted = awsJson(
      server.url(), {"cloudcontrol", "delete-resource", "--type-name", recordingType, "--identifier", arn});
  const auto token = deleted.at("ProgressEvent").at("RequestToken").get<std::string>();
  const auto status =
      awsJson(server.url(), {"cloudcontrol", "get-resource-request-status", "--request-token", token});
  EXPECT_EQ(status.at("ProgressEvent").at("OperationStatus"), "SUCCESS");

  const auto gone =
      aws(server.url(), {"cloudcontrol", "get-resource", "--type-name", recordingType, "--identifier", arn});
  EXPECT_NE(gone.status, 0);
  EXPECT_THAT(gone.err,
              testing::HasSubstr(
                  "An error occurred (ResourceNotFoundException) when calling the GetResource operation: "
                  "Resource of type 'AWS::IVS::RecordingConfiguration' with identifier '" +
                  arn + "' was not found."));
}

TEST(AwsCli, AsksWhoItIs) {
  const TempFolder data;
  const Server server(onFreePort(data.path()), catalogue());
  EXPECT_EQ(awsJson(server.url(), {"sts", "get-caller-identity"}).at("Account"), "123456789012");
  const auto unknown = aws(server.url(), {"sts", "get-session-token"});
  EXPECT_THAT(unknown.err,
              testing::HasSubstr("The AWS that runs here does not know the action GetSessionToken of sts"));
}

}  // namespace
}  // namespace athanor::local::test
