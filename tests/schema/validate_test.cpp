#include "schema/validate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/reference.h"
#include "schema/casing.h"
#include "schema/catalogue.h"

namespace athanor::schema {
namespace {

using Kind = Problem::Kind;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class Validation : public testing::Test {
 protected:
  const Type& type(const char* name) { return *catalogue_.find(name); }

  std::vector<Problem> problems(const char* name, const char* props) {
    return validate(type(name), settle(*type(name).root, Json::parse(props)));
  }
  std::vector<std::string> texts(const char* name, const char* props) {
    std::vector<std::string> out;
    for (const auto& problem : problems(name, props)) out.push_back(problem.text(*type(name).root));
    return out;
  }
  /// The mistakes of a recording configuration that has all it needs beside `more`.
  std::vector<std::string> recording(const std::string& more) {
    return texts(config, (R"({"destinationConfiguration":{"s3":{"bucketName":"my-bucket"}})" +
                          (more.empty() ? "" : "," + more) + "}")
                             .c_str());
  }

  static constexpr auto config = "AWS::IVS::RecordingConfiguration";

 private:
  Catalogue catalogue_;
};

TEST_F(Validation, AcceptsWhatIsRight) {
  EXPECT_THAT(recording(""), IsEmpty());
  EXPECT_THAT(recording(R"("recordingReconnectWindowSeconds":30.0,"tags":[{"key":"a","value":""}])"),
              IsEmpty());
  EXPECT_THAT(recording(R"("renditionConfiguration":{"renditionSelection":"CUSTOM","renditions":["HD"]})"),
              IsEmpty());
}

TEST_F(Validation, AcceptsTheDocumentsOwnProperties) {
  EXPECT_THAT(texts(config, R"({
    "destinationConfiguration": {"s3": {"bucketName": "my-advanced-video-recordings",
      "prefix": "advanced_recordings/", "roleArn": "arn:aws:iam::123456789012:role/IVSAdvancedRecordingRole"}},
    "renditionConfiguration": {"renditions": [
      {"resolution": "1280x720", "framerate": 30, "bitrate": 3000},
      {"resolution": "640x360", "framerate": 30, "bitrate": 800}]},
    "thumbnailConfiguration": {"destination": {"s3": {"bucketName": "my-thumbnail-recordings",
      "prefix": "thumbnails/", "roleArn": "arn:aws:iam::123456789012:role/IVSThumbnailRole"}},
      "intervalSeconds": 60},
    "tags": [{"key": "Project", "value": "LiveStreaming"}]})"),
              IsEmpty());
}

TEST_F(Validation, NamesAnUnknownPropertyAndTheNearest) {
  EXPECT_THAT(
      texts(config, R"({"destinationConfiguration":{"s3":{"bucketName":"my-bucket","bucketNam":"x"}}})"),
      ElementsAre(
          R"(destinationConfiguration.s3: unknown property "bucketNam" (did you mean "bucketName"?))"));
  EXPECT_THAT(recording(R"("nmae":"x")"), ElementsAre(R"(unknown property "nmae" (did you mean "name"?))"));
  EXPECT_THAT(recording(R"("frobnicate":1)"), ElementsAre(R"(unknown property "frobnicate")"));
}

TEST_F(Validation, RefusesNamesThatBelongToAthanorAnywhere) {
  EXPECT_THAT(
      recording(R"("$athanor.x":1)"),
      ElementsAre(
          R"(the name "$athanor.x" cannot be used: names that begin with "$athanor." belong to Athanor)"));
  EXPECT_THAT(
      texts("AWS::IAM::Policy",
            R"({"policyName":"p","policyDocument":{"Statement":[{"$athanor.ref":1,"b":2}]}})"),
      ElementsAre(R"(policyDocument.Statement[0]: the name "$athanor.ref" cannot be used: names that begin )"
                  R"(with "$athanor." belong to Athanor)"));
}

TEST_F(Validation, NamesAPropertyThatStandsTwice) {
  EXPECT_THAT(recording(R"("Name":"a","name":"b")"),
              ElementsAre(R"("Name" and "name" are the same property; keep one of them)"));
}

TEST_F(Validation, NamesAWrongType) {
  EXPECT_THAT(
      recording(R"("recordingReconnectWindowSeconds":"30")"),
      ElementsAre(R"(recordingReconnectWindowSeconds must be an integer from 0 to 300, but is "30")"));
  EXPECT_THAT(recording(R"("recordingReconnectWindowSeconds":1.5)"),
              ElementsAre("recordingReconnectWindowSeconds must be an integer from 0 to 300, but is 1.5"));
  EXPECT_THAT(recording(R"("tags":{"a":"b"})"),
              ElementsAre("tags must be a list of at most 50 items, but is an object"));
  EXPECT_THAT(recording(R"("name":null)"),
              ElementsAre("name must be a string of at most 128 characters, but is null"));
}

TEST_F(Validation, NamesWhatIsMissing) {
  EXPECT_THAT(texts(config, "{}"), ElementsAre("destinationConfiguration is required: an object"));
  EXPECT_THAT(
      texts(config, R"({"destinationConfiguration":{"s3":{}}})"),
      ElementsAre("destinationConfiguration.s3.bucketName is required: a string of 3 to 63 characters"));
}

TEST_F(Validation, NamesTheAllowedValuesAndTheNearest) {
  EXPECT_THAT(
      recording(R"("renditionConfiguration":{"renditionSelection":"NON"})"),
      ElementsAre(R"(renditionConfiguration.renditionSelection must be one of "ALL", "NONE", "CUSTOM", )"
                  R"(but is "NON" (did you mean "NONE"?))"));
  EXPECT_THAT(recording(R"("renditionConfiguration":{"renditions":["ULTRA"]})"),
              ElementsAre(R"(renditionConfiguration.renditions[0] must be one of "FULL_HD", "HD", "SD", )"
                          R"("LOWEST_RESOLUTION", but is "ULTRA")"));
}

TEST_F(Validation, NamesARange) {
  EXPECT_THAT(recording(R"("recordingReconnectWindowSeconds":301)"),
              ElementsAre("recordingReconnectWindowSeconds must be an integer from 0 to 300, but is 301"));
  EXPECT_THAT(
      recording(
          R"("renditionConfiguration":{"renditions":[{"resolution":"1x1","framerate":61,"bitrate":0}]})"),
      UnorderedElementsAre(
          "renditionConfiguration.renditions[0].framerate must be a number from 1 to 60, but is 61",
          "renditionConfiguration.renditions[0].bitrate must be an integer from 1 to 8500, but is 0",
          "renditionConfiguration.renditions[0].resolution must match ^[1-9][0-9]{1,3}x[1-9][0-9]{1,3}$, but "
          "is "
          "\"1x1\""));
}

TEST_F(Validation, NamesALengthInCharacters) {
  EXPECT_THAT(
      texts(config, R"({"destinationConfiguration":{"s3":{"bucketName":"ab"}}})"),
      ElementsAre(
          "destinationConfiguration.s3.bucketName must be a string of 3 to 63 characters, but has 2"));
  EXPECT_THAT(recording(R"("tags":[{"key":"k","value":")" + std::string(257, 'v') + "\"}]"),
              ElementsAre("tags[0].value must be a string of at most 256 characters, but has 257"));
}

TEST_F(Validation, NamesAPattern) {
  EXPECT_THAT(recording(R"("name":"a b")"), ElementsAre(R"(name must match ^[a-zA-Z0-9-_]*$, but is "a b")"));
}

TEST_F(Validation, CountsItems) {
  EXPECT_THAT(
      recording(R"("thumbnailConfiguration":{"storage":["LATEST","SEQUENTIAL","LATEST"]})"),
      ElementsAre("thumbnailConfiguration.storage must be a list of at most 2 items, but has 3",
                  "thumbnailConfiguration.storage[2] must be different from item 0, but is \"LATEST\""));
}

TEST_F(Validation, NamesItemsThatAreTheSame) {
  EXPECT_THAT(
      recording(R"("renditionConfiguration":{"renditions":["HD","SD","HD"]})"),
      ElementsAre("renditionConfiguration.renditions[2] must be different from item 0, but is \"HD\""));
  EXPECT_THAT(recording(R"("tags":[{"key":"k","value":"1"},{"key":"k","value":"2"}])"),
              ElementsAre("tags[1].key must be another key than that of item 0, but is \"k\""));
}

TEST_F(Validation, RefusesWhatTheServiceSets) {
  EXPECT_THAT(recording(R"("arn":"x")"), ElementsAre("arn is set by AWS and cannot be given"));
  const Json model = {{"Arn", "arn:aws:ivs:us-west-2:123456789012:recording-configuration/a1"},
                      {"State", "ACTIVE"},
                      {"DestinationConfiguration", Json::object()}};
  EXPECT_THAT(validate(type(config), model, true), IsEmpty());
}

TEST_F(Validation, NamesContradictions) {
  EXPECT_THAT(recording(R"("renditionConfiguration":{"renditionSelection":"CUSTOM"})"),
              ElementsAre("renditionConfiguration.renditionSelection is \"CUSTOM\", so "
                          "renditionConfiguration.renditions must name at least one rendition"));
  EXPECT_THAT(recording(R"("renditionConfiguration":{"renditionSelection":"CUSTOM","renditions":[]})"),
              testing::SizeIs(1));
  EXPECT_THAT(
      recording(
          R"("renditionConfiguration":{"renditionSelection":"NONE","renditions":[{"resolution":"640x360"}]})"),
      ElementsAre(
          "renditionConfiguration.renditionSelection is \"NONE\", so renditions given by resolution would "
          "be ignored; say \"CUSTOM\", or leave one of the two out"));
  EXPECT_THAT(
      recording(R"("thumbnailConfiguration":{"intervalSeconds":5,"targetIntervalSeconds":5})"),
      ElementsAre("thumbnailConfiguration.intervalSeconds and thumbnailConfiguration.targetIntervalSeconds "
                  "mean the same; keep one of them"));
  EXPECT_THAT(
      recording(R"("thumbnailConfiguration":{"recordingMode":"DISABLED","intervalSeconds":5})"),
      ElementsAre(
          "thumbnailConfiguration.recordingMode is \"DISABLED\", so "
          "thumbnailConfiguration.intervalSeconds has nothing to apply to; leave one of the two out"));
}

TEST_F(Validation, NamesAValueThatIsOfNoAllowedForm) {
  const auto found =
      problems(config, R"({"destinationConfiguration":{},"renditionConfiguration":{"renditions":[5]}})");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, Kind::noAlternative);
  EXPECT_EQ(found[0].pointer, "/RenditionConfiguration/Renditions/0");
  EXPECT_EQ(found[0].text(*type(config).root),
            "renditionConfiguration.renditions[0] must be one of \"FULL_HD\", \"HD\", \"SD\", "
            "\"LOWEST_RESOLUTION\", or an object, but is 5");
}

TEST_F(Validation, TellsEveryMistakeAtOnce) {
  EXPECT_EQ(problems(config, R"({"nam":"x","recordingReconnectWindowSeconds":-1,"arn":"a",
                                 "renditionConfiguration":{"renditionSelection":"CUSTOM"}})")
                .size(),
            5U);
}

TEST_F(Validation, TakesReferencesForValidAnywhere) {
  const Json reference = refer({"other", "/Arn"});
  const Json props = {
      {"DestinationConfiguration", {{"S3", {{"BucketName", reference}}}}},
      {"Name", text({"x ", reference})},
      {"RenditionConfiguration", {{"RenditionSelection", "CUSTOM"}, {"Renditions", reference}}},
      {"RecordingReconnectWindowSeconds", reference},
      {"Tags", {reference, reference}}};
  EXPECT_THAT(validate(type(config), props), IsEmpty());
}

TEST_F(Validation, LeavesFreeFormValuesAlone) {
  EXPECT_THAT(texts("AWS::IAM::Policy", R"({"policyName":"p","policyDocument":{"version":[1,{"x":null}]}})"),
              IsEmpty());
}

}  // namespace
}  // namespace athanor::schema
