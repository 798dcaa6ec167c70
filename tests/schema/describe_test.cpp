#include "schema/describe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace athanor::schema {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Describing, SaysOfEachPropertyWhatItTakes) {
  const Catalogue catalogue;
  const auto text = describe(*catalogue.documented("AWS::IVS::RecordingConfiguration"));
  EXPECT_THAT(text,
              HasSubstr("AWS::IVS::RecordingConfiguration\nThe AWS::IVS::RecordingConfiguration resource"));
  EXPECT_THAT(text, HasSubstr("Identifier: arn\n"));
  EXPECT_THAT(text, HasSubstr("\ndestinationConfiguration: an object; required; create-only\n"));
  EXPECT_THAT(text, HasSubstr("\n  s3: an object; create-only\n"));
  EXPECT_THAT(text, HasSubstr("\n    bucketName: a string of 3 to 63 characters matching ^[a-z0-9-.]+$; "
                              "required; create-only\n"));
  EXPECT_THAT(
      text,
      HasSubstr("\nrecordingReconnectWindowSeconds: an integer from 0 to 300; default 0; create-only\n"));
  EXPECT_THAT(text, HasSubstr("\n    prefix: a string of at most 512 characters"));
  EXPECT_THAT(text, HasSubstr("; local only\n"));
  EXPECT_THAT(text, HasSubstr("AWS: on AWS it becomes the name of the band"));
  EXPECT_THAT(text, HasSubstr("\narn: a string of at most 128 characters"));
}

TEST(Describing, SaysWhyATypeCannotBeDeployed) {
  const Catalogue catalogue;
  EXPECT_THAT(describe(*catalogue.find("AWS::OpsWorks::Stack")),
              HasSubstr("It cannot be deployed: AWS publishes no"));
}

TEST(Describing, EndsWhereTypesAreRecursive) {
  const Catalogue catalogue;
  const auto text = describe(*catalogue.find("AWS::WAFv2::WebACL"));
  EXPECT_THAT(text, HasSubstr("Statement as above"));
  EXPECT_LT(text.size(), 200'000U);
  const auto json = describeJson(*catalogue.find("AWS::WAFv2::WebACL"));
  EXPECT_TRUE(json["definitions"].contains("Statement"));
}

TEST(Describing, HasAFormForMachines) {
  const Catalogue catalogue;
  const auto json = describeJson(*catalogue.find("AWS::IVS::RecordingConfiguration"));
  EXPECT_EQ(json["type"], "AWS::IVS::RecordingConfiguration");
  EXPECT_EQ(json["deployable"], true);
  const auto& window = json["properties"]["recordingReconnectWindowSeconds"];
  EXPECT_EQ(window,
            Json::parse(R"({"kind":"integer","awsName":"RecordingReconnectWindowSeconds","createOnly":true,
                                    "default":0,"minimum":0.0,"maximum":300.0})"));
  EXPECT_EQ(json["properties"]["destinationConfiguration"]["definition"], "DestinationConfiguration");
}

TEST(Describing, SaysWhoseValueAPropertyMayName) {
  const Catalogue catalogue;
  const auto& channel = *catalogue.find("AWS::IVS::Channel");
  EXPECT_THAT(describe(channel), HasSubstr("May name arn of AWS::IVS::RecordingConfiguration."));
  EXPECT_EQ(describeJson(channel)["properties"]["recordingConfigurationArn"]["refersTo"],
            Json::parse(R"([{"type":"AWS::IVS::RecordingConfiguration","property":"Arn"}])"));
}

TEST(FirstSentence, IsPlainText) {
  EXPECT_EQ(firstSentence("See [the `Guide`](https://x/y) . Then *more* ."), "See the Guide.");
  EXPECT_EQ(firstSentence("One line\n\nAnother"), "One line");
  EXPECT_EQ(firstSentence("A list, e.g. this one. Next."), "A list, e.g. this one.");
  EXPECT_EQ(firstSentence(""), "");
}

TEST(Search, PutsTypesOfThatNameFirst) {
  const Catalogue catalogue;
  const auto found = search(catalogue, "recordingconfiguration");
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0].name, "AWS::IVS::RecordingConfiguration");
  EXPECT_NE(found[0].sentence, "");
  EXPECT_LE(found.size(), 30U);
  const auto both = search(catalogue, "ivs thumbnail", 100);
  ASSERT_FALSE(both.empty());
  EXPECT_EQ(both[0].name, "AWS::IVS::RecordingConfiguration");
  EXPECT_EQ(both[0].property, "thumbnailConfiguration");
  EXPECT_TRUE(search(catalogue, " ").empty());
}

}  // namespace
}  // namespace athanor::schema
