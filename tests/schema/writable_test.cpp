#include "schema/writable.h"

#include <gtest/gtest.h>

#include "schema/catalogue.h"

namespace athanor::schema {
namespace {

class Writable : public testing::Test {
 protected:
  Json props(const char* type, const char* live) {
    return writable(*catalogue_.find(type), Json::parse(live));
  }
  const Property* property(const char* type, const char* pointer) {
    return propertyAt(*catalogue_.find(type)->root, pointer);
  }

 private:
  Catalogue catalogue_;
};

TEST_F(Writable, LeavesOutWhatTheServiceSetsAndWhatNobodyKnows) {
  EXPECT_EQ(props("AWS::IVS::Channel",
                  R"({"Name":"live","Arn":"arn:x","IngestEndpoint":"e","NewAndUnknown":1,"Tags":null})"),
            Json::parse(R"({"Name":"live"})"));
}

TEST_F(Writable, LeavesOutOptionalPropertiesThatAreAsTheDefault) {
  EXPECT_EQ(props("AWS::IVS::RecordingConfiguration",
                  R"({"RecordingReconnectWindowSeconds":0,
                      "DestinationConfiguration":{"S3":{"BucketName":"b"}},
                      "RenditionConfiguration":{"RenditionSelection":"ALL"}})"),
            Json::parse(R"({"DestinationConfiguration":{"S3":{"BucketName":"b"}}})"));
}

TEST_F(Writable, LeavesOutTagsOfAwsInBothForms) {
  EXPECT_EQ(props("AWS::IVS::Channel", R"({"Tags":[{"Key":"aws:cloudformation:stack-name","Value":"s"},
                                                   {"Key":"team","Value":"video"}]})"),
            Json::parse(R"({"Tags":[{"Key":"team","Value":"video"}]})"));
  EXPECT_EQ(props("AWS::IVS::Channel", R"({"Tags":[{"Key":"aws:a","Value":"s"}]})"), Json::object());
  EXPECT_EQ(props("AWS::SSM::Parameter", R"({"Tags":{"aws:a":"s","b":"c"}})"),
            Json::parse(R"({"Tags":{"b":"c"}})"));
}

TEST_F(Writable, KeepsFreeFormValuesWhole) {
  const auto* role = R"({"AssumeRolePolicyDocument":{"Statement":[{"Condition":{"x":null}}],"arn":1}})";
  EXPECT_EQ(props("AWS::IAM::Role", role), Json::parse(role));
}

TEST_F(Writable, FindsAPropertyByItsPointerThroughLists) {
  EXPECT_EQ(property("AWS::S3::Bucket", "/LifecycleConfiguration/Rules/0/Status")->name, "Status");
  EXPECT_EQ(property("AWS::S3::Bucket", "/LifecycleConfiguration/Nothing"), nullptr);
  EXPECT_EQ(property("AWS::S3::Bucket", ""), nullptr);
}

}  // namespace
}  // namespace athanor::schema
