#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixtures.h"

namespace athanor::local::test {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

const std::string recording = "AWS::IVS::RecordingConfiguration";
const std::string channel = "AWS::IVS::Channel";
const std::string streamKey = "AWS::IVS::StreamKey";

Json recordingTo(const std::string& bucket) {
  return {{"DestinationConfiguration", {{"S3", {{"BucketName", bucket}}}}}};
}

TEST(RecordingConfiguration, IsCreatingUntilItsOperationEnds) {
  InProcess cloud(std::chrono::milliseconds(1000));
  auto event = cloud.create(recording, recordingTo("clips"));
  cloud.pass(std::chrono::milliseconds(500));
  event = cloud.status(event);
  EXPECT_EQ(cloud.read(recording, event.at("Identifier")).at("State"), "CREATING");
  cloud.pass(std::chrono::milliseconds(500));
  EXPECT_EQ(cloud.read(recording, event.at("Identifier")).at("State"), "ACTIVE");
  EXPECT_EQ(cloud.status(event).at("OperationStatus"), "SUCCESS");
}

TEST(RecordingConfiguration, MakesTheBucketsThatItNamesAndSaysSo) {
  InProcess cloud;
  auto model = recordingTo("clips");
  model["ThumbnailConfiguration"]["Destination"]["S3"]["BucketName"] = "stills";
  const auto arn = cloud.create(recording, model).at("Identifier").get<std::string>();
  EXPECT_EQ(cloud.read("AWS::S3::Bucket", "clips").at("BucketName"), "clips");
  EXPECT_EQ(cloud.read("AWS::S3::Bucket", "stills").at("BucketName"), "stills");
  EXPECT_THAT(cloud.said, testing::ElementsAre("made the bucket clips for the recordings of " + arn,
                                               "made the bucket stills for the thumbnails of " + arn));
  cloud.create(recording, model);
  EXPECT_EQ(cloud.said.size(), 2) << "they stand already";
}

TEST(RecordingConfiguration, LeavesABucketThatAProgramDeclaresToTheProgram) {
  InProcess cloud;
  cloud.create(recording, recordingTo("clips"));
  const auto event =
      cloud.create("AWS::S3::Bucket", {{"BucketName", "clips"}, {"Tags", {{{"Key", "a"}, {"Value", "b"}}}}});
  EXPECT_EQ(event.at("OperationStatus"), "SUCCESS") << event;
  EXPECT_EQ(cloud.read("AWS::S3::Bucket", "clips").at("Tags")[0].at("Key"), "a");
  EXPECT_EQ(cloud.create("AWS::S3::Bucket", {{"BucketName", "clips"}}).at("ErrorCode"), "AlreadyExists");
}

TEST(RecordingConfiguration, TakesRenditionsAsTheyAreListed) {
  InProcess cloud;
  auto model = recordingTo("clips");
  model["RenditionConfiguration"]["Renditions"] = {
      {{"Resolution", "1280x720"}, {"Framerate", 30}, {"Bitrate", 3000}}};
  model["ThumbnailConfiguration"]["IntervalSeconds"] = 30;
  const auto event = cloud.create(recording, model);
  ASSERT_EQ(event.at("OperationStatus"), "SUCCESS") << event;
  const auto made = cloud.read(recording, event.at("Identifier"));
  EXPECT_EQ(made.at("RenditionConfiguration").at("RenditionSelection"), "CUSTOM");
  EXPECT_EQ(made.at("ThumbnailConfiguration").at("TargetIntervalSeconds"), 30);
  EXPECT_EQ(made.at("ThumbnailConfiguration").at("RecordingMode"), "INTERVAL");
  EXPECT_EQ(cloud.refusal(
                "UpdateResource",
                {{"TypeName", recording},
                 {"Identifier", event.at("Identifier")},
                 {"PatchDocument", R"([{"op":"add","path":"/Tags","value":[{"Key":"a","Value":"b"}]}])"}}),
            "");
}

TEST(RecordingConfiguration, IsNotDeletedWhileAChannelUsesIt) {
  InProcess cloud;
  const auto arn = cloud.create(recording, recordingTo("clips")).at("Identifier").get<std::string>();
  const auto used =
      cloud.create(channel, {{"RecordingConfigurationArn", arn}}).at("Identifier").get<std::string>();
  const auto remove = [&](const std::string& type, const std::string& identifier) {
    return cloud.event("DeleteResource", {{"TypeName", type}, {"Identifier", identifier}});
  };
  const auto refused = remove(recording, arn);
  EXPECT_EQ(refused.at("OperationStatus"), "FAILED");
  EXPECT_EQ(refused.at("ErrorCode"), "ResourceConflict");
  EXPECT_THAT(
      refused.at("StatusMessage"),
      HasSubstr("has a conflict. Reason: Recording configuration is associated with channel " + used));
  cloud.call("UpdateResource",
             {{"TypeName", channel},
              {"Identifier", used},
              {"PatchDocument", R"([{"op":"replace","path":"/RecordingConfigurationArn","value":""}])"}});
  EXPECT_EQ(remove(recording, arn).at("OperationStatus"), "SUCCESS");
}

TEST(Channel, GetsAnIngestEndpointAndAPlaybackUrl) {
  InProcess cloud;
  const auto arn = cloud.create(channel, Json::object()).at("Identifier").get<std::string>();
  EXPECT_THAT(arn, MatchesRegex("arn:aws:ivs:eu-west-1:123456789012:channel/[A-Za-z0-9]{12}"));
  const auto model = cloud.read(channel, arn);
  EXPECT_THAT(model.at("IngestEndpoint"),
              MatchesRegex("[a-z0-9]{12}\\.global-contribute\\.live-video\\.net"));
  const auto id = arn.substr(arn.rfind('/') + 1);
  EXPECT_THAT(
      model.at("PlaybackUrl"),
      MatchesRegex("https://[^/]+/api/video/v1/eu-west-1\\.123456789012\\.channel\\." + id + "\\.m3u8"));
}

TEST(Channel, NeedsItsRecordingConfigurationToExist) {
  InProcess cloud;
  const auto event = cloud.create(
      channel,
      {{"RecordingConfigurationArn", "arn:aws:ivs:eu-west-1:123456789012:recording-configuration/none"}});
  EXPECT_EQ(event.at("OperationStatus"), "FAILED");
  EXPECT_EQ(event.at("ErrorCode"), "NotFound");
  EXPECT_EQ(cloud.list(channel).size(), 0);
}

TEST(StreamKey, IsOneAChannelAndGoesWithIt) {
  InProcess cloud;
  const auto arn = cloud.create(channel, Json::object()).at("Identifier").get<std::string>();
  const auto key = cloud.create(streamKey, {{"ChannelArn", arn}});
  ASSERT_EQ(key.at("OperationStatus"), "SUCCESS") << key;
  EXPECT_THAT(cloud.read(streamKey, key.at("Identifier")).at("Value"),
              MatchesRegex("sk_eu-west-1_[A-Za-z0-9]{12}_[A-Za-z0-9]+"));
  EXPECT_EQ(cloud.create(streamKey, {{"ChannelArn", arn}}).at("ErrorCode"), "ServiceLimitExceeded");

  const auto keys = [&] {
    return cloud
        .call("ListResources", {{"TypeName", streamKey}, {"ResourceModel", Json{{"ChannelArn", arn}}.dump()}})
        .at("ResourceDescriptions")
        .size();
  };
  EXPECT_EQ(keys(), 1);
  cloud.call("DeleteResource", {{"TypeName", channel}, {"Identifier", arn}});
  EXPECT_EQ(keys(), 0);
}

TEST(StreamKey, NeedsItsChannel) {
  InProcess cloud;
  EXPECT_EQ(cloud.create(streamKey, {{"ChannelArn", "arn:aws:ivs:eu-west-1:123456789012:channel/none"}})
                .at("ErrorCode"),
            "NotFound");
  EXPECT_EQ(cloud.refusal("ListResources", {{"TypeName", streamKey}}),
            "InvalidRequestException: Missing or invalid ResourceModel property in AWS::IVS::StreamKey list "
            "handler "
            "request input.Required property:  (#: required key [ChannelArn] not found)");
}

TEST(PlaybackKeyPair, IsKnownByTheFingerprintOfItsKey) {
  InProcess cloud;
  const auto made = [&](const std::string& material) {
    return cloud.read(
        "AWS::IVS::PlaybackKeyPair",
        cloud.create("AWS::IVS::PlaybackKeyPair", {{"PublicKeyMaterial", material}}).at("Identifier"));
  };
  // MD5 of "abc", which the block between the lines is in base64.
  EXPECT_EQ(made("-----BEGIN PUBLIC KEY-----\nYWJj\n-----END PUBLIC KEY-----\n").at("Fingerprint"),
            "90:01:50:98:3c:d2:4f:b0:d6:96:3f:7d:28:e1:7f:72");
}

}  // namespace
}  // namespace athanor::local::test
