#include "schema/compare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/reference.h"
#include "schema/catalogue.h"

namespace athanor::schema {
namespace {

using testing::IsEmpty;

class Comparing : public testing::Test {
 protected:
  const Type& type(const char* name = "AWS::IVS::RecordingConfiguration") { return *catalogue_.find(name); }
  std::vector<Difference> changes(const char* before, const char* after) {
    return compare(type(), Json::parse(before), Json::parse(after));
  }
  std::vector<Difference> drifted(const char* sent, const char* live) {
    return drift(type(), Json::parse(sent), Json::parse(live));
  }

 private:
  Catalogue catalogue_;
};

TEST_F(Comparing, TakesTheSameMeaningForTheSame) {
  EXPECT_THAT(changes(R"({"Name":"a","RecordingReconnectWindowSeconds":1})",
                      R"({"RecordingReconnectWindowSeconds":1.0,"Name":"a"})"),
              IsEmpty());
  EXPECT_THAT(changes("{}", R"({"RecordingReconnectWindowSeconds":0})"), IsEmpty());
  EXPECT_THAT(changes(R"({"RecordingReconnectWindowSeconds":0})", "{}"), IsEmpty());
  EXPECT_THAT(changes(R"({"RenditionConfiguration":{"Renditions":["HD","SD"]}})",
                      R"({"RenditionConfiguration":{"RenditionSelection":"ALL","Renditions":["SD","HD"]}})"),
              IsEmpty());
  EXPECT_THAT(changes(R"({"Tags":[{"Key":"a","Value":"1"},{"Key":"b","Value":"2"}]})",
                      R"({"Tags":[{"Value":"2","Key":"b"},{"Key":"a","Value":"1"}]})"),
              IsEmpty());
  EXPECT_THAT(
      changes(
          R"({"RenditionConfiguration":{"Renditions":[{"Resolution":"1x1","Framerate":30},{"Resolution":"2x2"}]}})",
          R"({"RenditionConfiguration":{"Renditions":[{"Resolution":"2x2"},{"Framerate":30.0,"Resolution":"1x1"}]}})"),
      IsEmpty());
}

TEST_F(Comparing, NamesTheDeepestPropertyThatDiffers) {
  const auto found = changes(R"({"DestinationConfiguration":{"S3":{"BucketName":"a","Prefix":"p/"}}})",
                             R"({"DestinationConfiguration":{"S3":{"BucketName":"b","Prefix":"p/"}}})");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].pointer, "/DestinationConfiguration/S3/BucketName");
  EXPECT_EQ(found[0].before, "a");
  EXPECT_EQ(found[0].after, "b");
  EXPECT_TRUE(found[0].createOnly);
}

TEST_F(Comparing, TellsWhatCanBeUpdatedFromWhatMeansReplacing) {
  const auto found = changes(R"({"RecordingReconnectWindowSeconds":30})",
                             R"({"RecordingReconnectWindowSeconds":45,"Tags":[{"Key":"a","Value":"1"}]})");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].pointer, "/RecordingReconnectWindowSeconds");
  EXPECT_TRUE(found[0].createOnly);
  EXPECT_EQ(found[1].pointer, "/Tags");
  EXPECT_TRUE(found[1].before.is_null());
  EXPECT_FALSE(found[1].createOnly);
}

TEST_F(Comparing, GivesAnUnorderedListAsOneDifference) {
  const auto found = changes(R"({"RenditionConfiguration":{"Renditions":["HD","SD"]}})",
                             R"({"RenditionConfiguration":{"Renditions":["HD","FULL_HD"]}})");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].pointer, "/RenditionConfiguration/Renditions");
}

TEST_F(Comparing, MarksADifferenceThatHoldsACreateOnlyProperty) {
  const auto found =
      compare(type("AWS::IVS::EncoderConfiguration"), Json::object(), {{"Video", {{"Width", 640}}}});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].pointer, "/Video");
  EXPECT_TRUE(found[0].createOnly);
}

TEST_F(Comparing, KnowsAReferenceFromEverythingButItself) {
  const Json a = {{"ChannelArn", refer({"a", "/Arn"})}};
  const Json b = {{"ChannelArn", refer({"b", "/Arn"})}};
  const auto& key = type("AWS::IVS::StreamKey");
  EXPECT_THAT(compare(key, a, a), IsEmpty());
  EXPECT_EQ(compare(key, a, b).size(), 1U);
  EXPECT_EQ(compare(key, {{"ChannelArn", "arn"}}, b).size(), 1U);
}

TEST_F(Comparing, MarksWriteOnlyProperties) {
  const auto found =
      compare(type("AWS::IVS::PlaybackKeyPair"), {{"PublicKeyMaterial", "a"}}, {{"PublicKeyMaterial", "b"}});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(found[0].writeOnly && found[0].createOnly);
}

TEST_F(Comparing, GoesThroughMapsButTakesFreeFormValuesWhole) {
  const auto& function = type("AWS::Lambda::Function");
  const auto found = compare(function, {{"Environment", {{"Variables", {{"A", "1"}, {"B", "2"}}}}}},
                             {{"Environment", {{"Variables", {{"A", "1"}, {"B/C", "3"}}}}}});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].pointer, "/Environment/Variables/B");
  EXPECT_EQ(found[1].pointer, "/Environment/Variables/B~1C");
  const auto policy = compare(type("AWS::IAM::Policy"), {{"PolicyDocument", {{"a", 1}, {"b", 1}}}},
                              {{"PolicyDocument", {{"a", 2}, {"b", 1}}}});
  ASSERT_EQ(policy.size(), 1U);
  EXPECT_EQ(policy[0].pointer, "/PolicyDocument");
}

TEST_F(Comparing, SeesNoDriftInWhatTheServiceAddsOrKeepsToItself) {
  EXPECT_THAT(drifted(R"({"DestinationConfiguration":{"S3":{"BucketName":"a"}},"Name":"n"})",
                      R"({"Arn":"x","State":"ACTIVE","RecordingReconnectWindowSeconds":0,"Tags":[],
                          "DestinationConfiguration":{"S3":{"BucketName":"a"}}})"),
              IsEmpty());
  EXPECT_THAT(
      drift(type("AWS::IVS::PlaybackKeyPair"), {{"PublicKeyMaterial", "a"}}, {{"PublicKeyMaterial", ""}}),
      IsEmpty());
}

TEST_F(Comparing, SeesNoDriftInOrderOrInTagsOfAws) {
  EXPECT_THAT(
      drifted(R"({"Tags":[{"Key":"a","Value":"1"},{"Key":"b","Value":"2"}]})",
              R"({"Tags":[{"Key":"b","Value":"2"},{"Key":"aws:x","Value":"y"},{"Key":"a","Value":"1"}]})"),
      IsEmpty());
}

TEST_F(Comparing, SeesWhatChangedOutOfBand) {
  const auto found = drifted(R"({"RecordingReconnectWindowSeconds":30,"Tags":[{"Key":"a","Value":"1"}]})",
                             R"({"RecordingReconnectWindowSeconds":45,"Tags":[]})");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].pointer, "/RecordingReconnectWindowSeconds");
  EXPECT_EQ(found[0].before, 30);
  EXPECT_EQ(found[0].after, 45);
  EXPECT_EQ(found[1].pointer, "/Tags");
}

TEST_F(Comparing, ReadsAPolicyThatComesBackAsText) {
  EXPECT_THAT(
      drift(type("AWS::IAM::Policy"), {{"PolicyDocument", {{"a", 1}}}}, {{"PolicyDocument", R"({"a": 1})"}}),
      IsEmpty());
}

}  // namespace
}  // namespace athanor::schema
