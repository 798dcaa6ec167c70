#include "schema/casing.h"

#include <gtest/gtest.h>

#include "base/reference.h"
#include "schema/catalogue.h"

namespace athanor::schema {
namespace {

TEST(CamelCase, LowersTheFirstWordWhole) {
  for (const auto& [aws, user] :
       std::vector<std::pair<const char*, const char*>>{{"KMSKeyId", "kmsKeyId"},
                                                        {"S3", "s3"},
                                                        {"DBInstanceIdentifier", "dbInstanceIdentifier"},
                                                        {"BucketName", "bucketName"},
                                                        {"S3BucketName", "s3BucketName"},
                                                        {"ARN", "arn"},
                                                        {"ARNs", "arns"},
                                                        {"VPCId", "vpcId"},
                                                        {"EC2SecurityGroup", "ec2SecurityGroup"},
                                                        {"IPv6CidrBlock", "ipv6CidrBlock"},
                                                        {"DNSSECStatus", "dnssecStatus"},
                                                        {"Id", "id"},
                                                        {"A", "a"},
                                                        {"AName", "aName"},
                                                        {"", ""},
                                                        {"alreadySo", "alreadySo"},
                                                        {"_Odd", "_Odd"}})
    EXPECT_EQ(camelCase(aws), user);
}

class Casing : public testing::Test {
 protected:
  Json settled(const char* name, const char* props) {
    return settle(*catalogue_.find(name)->root, Json::parse(props));
  }
  const Shape& root(const char* name) { return *catalogue_.find(name)->root; }

 private:
  Catalogue catalogue_;
};

TEST_F(Casing, IsSettledAtEveryDepth) {
  const auto expected = Json::parse(
      R"({"DestinationConfiguration":{"S3":{"BucketName":"b"}},"RenditionConfiguration":{"Renditions":[{"Resolution":"1x1"},"HD"]}})");
  for (
      const char* props :
      {R"({"destinationConfiguration":{"s3":{"bucketName":"b"}},"renditionConfiguration":{"renditions":[{"resolution":"1x1"},"HD"]}})",
       R"({"DestinationConfiguration":{"S3":{"BucketName":"b"}},"RenditionConfiguration":{"Renditions":[{"Resolution":"1x1"},"HD"]}})",
       R"({"DESTINATIONCONFIGURATION":{"s3":{"bucketname":"b"}},"renditionconfiguration":{"Renditions":[{"RESOLUTION":"1x1"},"HD"]}})"})
    EXPECT_EQ(settled("AWS::IVS::RecordingConfiguration", props), expected);
}

TEST_F(Casing, OfMapsAndFreeFormValuesStays) {
  EXPECT_EQ(settled("AWS::IAM::Policy", R"({"policyDocument":{"statement":[{"effect":"Allow"}]}})"),
            Json::parse(R"({"PolicyDocument":{"statement":[{"effect":"Allow"}]}})"));
  EXPECT_EQ(settled("AWS::Lambda::Function", R"({"environment":{"variables":{"myKey":"v","MYKEY":"w"}}})"),
            Json::parse(R"({"Environment":{"Variables":{"MYKEY":"w","myKey":"v"}}})"));
  EXPECT_EQ(settled("AWS::SSM::Parameter", R"({"tags":{"projectName":"x"}})"),
            Json::parse(R"({"Tags":{"projectName":"x"}})"));
}

TEST_F(Casing, OfReferencesStays) {
  const Json reference = refer({"recordings", "/Arn"});
  EXPECT_EQ(settle(root("AWS::IVS::Channel"), {{"recordingConfigurationArn", reference}}),
            Json({{"RecordingConfigurationArn", reference}}));
}

TEST_F(Casing, StaysWhereAPropertyStandsTwiceOrIsUnknown) {
  EXPECT_EQ(settled("AWS::IVS::Channel", R"({"name":"a","Name":"b","mine":{"Name":1}})"),
            Json::parse(R"({"name":"a","Name":"b","mine":{"Name":1}})"));
}

TEST_F(Casing, OfOutputsIsCamelCase) {
  EXPECT_EQ(
      camel(root("AWS::IVS::RecordingConfiguration"),
            Json::parse(
                R"({"Arn":"a","DestinationConfiguration":{"S3":{"BucketName":"b"}},"Tags":[{"Key":"K"}]})")),
      Json::parse(
          R"({"arn":"a","destinationConfiguration":{"s3":{"bucketName":"b"}},"tags":[{"key":"K"}]})"));
}

TEST_F(Casing, OfPathsIsTheUsers) {
  const auto& config = root("AWS::IVS::RecordingConfiguration");
  EXPECT_EQ(camelPath(config, "/DestinationConfiguration/S3/BucketName"),
            "destinationConfiguration.s3.bucketName");
  EXPECT_EQ(camelPath(config, "/RenditionConfiguration/Renditions/1/Framerate"),
            "renditionConfiguration.renditions[1].framerate");
  EXPECT_EQ(camelPath(config, "/Unknown/0/a~1b"), "Unknown[0].a/b");
  EXPECT_EQ(camelPath(config, ""), "");
  EXPECT_EQ(camelPath(root("AWS::RDS::DBInstance"), "/KmsKeyId"), "kmsKeyId");
  EXPECT_EQ(camelPath(root("AWS::Lambda::Function"), "/Environment/Variables/MYKEY"),
            "environment.variables.MYKEY");
}

}  // namespace
}  // namespace athanor::schema
