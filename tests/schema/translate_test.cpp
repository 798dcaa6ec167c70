#include "schema/translate.h"

#include <gtest/gtest.h>

#include "schema/catalogue.h"
#include "schema/validate.h"

namespace athanor::schema {
namespace {

class ForAws : public testing::Test {
 protected:
  Translated translated(const char* props) {
    return forAws(*catalogue_.find("AWS::IVS::RecordingConfiguration"), Json::parse(props));
  }
  Catalogue catalogue_;
};

TEST_F(ForAws, AnIntervalBecomesATargetInterval) {
  const auto out = translated(R"({"ThumbnailConfiguration":{"IntervalSeconds":30}})");
  EXPECT_EQ(
      out.props,
      Json::parse(R"({"ThumbnailConfiguration":{"RecordingMode":"INTERVAL","TargetIntervalSeconds":30}})"));
  EXPECT_TRUE(out.losses.empty());
}

TEST_F(ForAws, RenditionsBecomeTheirBands) {
  const auto out = translated(
      R"({"RenditionConfiguration":{"Renditions":[{"Resolution":"1280x720"},{"Resolution":"640x360"},{"Resolution":"852x480"},"FULL_HD"]}})");
  EXPECT_EQ(
      out.props,
      Json::parse(
          R"({"RenditionConfiguration":{"RenditionSelection":"CUSTOM","Renditions":["HD","LOWEST_RESOLUTION","SD","FULL_HD"]}})"));
  EXPECT_TRUE(out.losses.empty());
}

TEST_F(ForAws, FrameRateAndBitrateAreLost) {
  const auto out = translated(
      R"({"RenditionConfiguration":{"Renditions":[{"Resolution":"1280x720","Framerate":30,"Bitrate":3000}]}})");
  ASSERT_EQ(out.losses.size(), 2U);
  EXPECT_EQ(out.losses[0].pointer, "/RenditionConfiguration/Renditions/0/Bitrate");
  EXPECT_EQ(out.losses[0].reason, "IVS itself chooses the bitrate of each of its bands");
  EXPECT_EQ(out.losses[1].pointer, "/RenditionConfiguration/Renditions/0/Framerate");
}

TEST_F(ForAws, TwoRenditionsInOneBandAreOne) {
  const auto out = translated(
      R"({"RenditionConfiguration":{"Renditions":[{"Resolution":"1280x720"},{"Resolution":"960x540"}]}})");
  EXPECT_EQ(out.props["RenditionConfiguration"]["Renditions"], Json({"HD"}));
  ASSERT_EQ(out.losses.size(), 1U);
  EXPECT_EQ(out.losses[0].pointer, "/RenditionConfiguration/Renditions/1");
}

TEST_F(ForAws, PrefixRoleAndThumbnailDestinationAreLost) {
  const auto out = translated(R"({"DestinationConfiguration":{"S3":{"BucketName":"bucket","Prefix":"p/",
      "RoleArn":"arn:aws:iam::123456789012:role/R"}},
      "ThumbnailConfiguration":{"Destination":{"S3":{"BucketName":"other"}}}})");
  EXPECT_EQ(out.props, Json::parse(R"({"DestinationConfiguration":{"S3":{"BucketName":"bucket"}}})"));
  ASSERT_EQ(out.losses.size(), 3U);
  EXPECT_EQ(out.losses[0].pointer, "/DestinationConfiguration/S3/Prefix");
  EXPECT_EQ(out.losses[1].pointer, "/DestinationConfiguration/S3/RoleArn");
  EXPECT_EQ(out.losses[2].pointer, "/ThumbnailConfiguration/Destination");
  for (const auto& loss : out.losses) EXPECT_NE(loss.reason, "");
}

TEST_F(ForAws, TheResultIsWhatAwsItselfTakes) {
  const auto out = translated(R"({"DestinationConfiguration":{"S3":{"BucketName":"bucket"}},
      "RenditionConfiguration":{"Renditions":[{"Resolution":"1920x1080","Framerate":60}]},
      "ThumbnailConfiguration":{"IntervalSeconds":5}})");
  EXPECT_TRUE(validate(*catalogue_.find("AWS::IVS::RecordingConfiguration"), out.props).empty());
}

TEST_F(ForAws, OtherTypesStayAsTheyAre) {
  const Json props = {{"BucketName", "b"}, {"Tags", Json::array()}};
  const auto out = forAws(*catalogue_.find("AWS::S3::Bucket"), props);
  EXPECT_EQ(out.props, props);
  EXPECT_TRUE(out.losses.empty());
}

}  // namespace
}  // namespace athanor::schema
