#include "schema/catalogue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace athanor::schema {
namespace {

TEST(Catalogue, KnowsAllTypesThatAwsPublishes) {
  const Catalogue catalogue;
  EXPECT_GT(catalogue.names().size(), 1500U);
  EXPECT_NE(catalogue.find("AWS::S3::Bucket"), nullptr);
  EXPECT_NE(catalogue.find("Alexa::ASK::Skill"), nullptr);
  EXPECT_EQ(catalogue.find("AWS::S3::Bukkit"), nullptr);
}

TEST(Catalogue, FindsATypeExactlyByItsFullName) {
  const Catalogue catalogue;
  EXPECT_EQ(catalogue.find("aws::s3::bucket"), nullptr);
}

TEST(Catalogue, FindsATypeByServiceAndResourceInAnyCasing) {
  const Catalogue catalogue;
  for (const auto& [service, resource, name] : std::vector<std::array<const char*, 3>>{
           {"IVS", "RecordingConfiguration", "AWS::IVS::RecordingConfiguration"},
           {"ivs", "recordingConfiguration", "AWS::IVS::RecordingConfiguration"},
           {"ec2", "vpc", "AWS::EC2::VPC"},
           {"s3", "bucket", "AWS::S3::Bucket"},
           {"ApiGatewayV2", "Api", "AWS::ApiGatewayV2::Api"},
           {"apigatewayv2", "api", "AWS::ApiGatewayV2::Api"},
           {"ask", "skill", "Alexa::ASK::Skill"}}) {
    const auto* type = catalogue.find(service, resource);
    ASSERT_NE(type, nullptr) << service << " " << resource;
    EXPECT_EQ(type->name, name);
  }
  EXPECT_EQ(catalogue.find("ivs", "recording"), nullptr);
}

TEST(Catalogue, GivesTheSameTypeEachTime) {
  const Catalogue catalogue;
  EXPECT_EQ(catalogue.find("AWS::S3::Bucket"), catalogue.find("s3", "bucket"));
}

TEST(Catalogue, SaysWhatATypeIs) {
  const Catalogue catalogue;
  const auto* type = catalogue.find("AWS::IVS::RecordingConfiguration");
  ASSERT_NE(type, nullptr);
  EXPECT_TRUE(type->deployable());
  EXPECT_EQ(type->identifier, std::vector<std::string>{"Arn"});
  EXPECT_EQ(type->tagProperty, "Tags");
  EXPECT_EQ(type->arnTemplate,
            "arn:${Partition}:ivs:${Region}:${Account}:recording-configuration/${ResourceId}");
  const auto* arn = type->root->find("Arn");
  ASSERT_NE(arn, nullptr);
  EXPECT_TRUE(arn->readOnly);
  const auto* destination = type->root->find("destinationconfiguration");
  ASSERT_NE(destination, nullptr);
  EXPECT_TRUE(destination->required && destination->createOnly && !destination->readOnly);
  EXPECT_EQ(type->root->find("RecordingReconnectWindowSeconds")->defaultJson, "0");
  EXPECT_TRUE(type->root->find("Tags")->shape->unordered);
}

TEST(Catalogue, SaysWhosePropertyAValueMayName) {
  const Catalogue catalogue;
  const auto& channel = *catalogue.find("AWS::IVS::Channel")->root;
  ASSERT_EQ(channel.find("RecordingConfigurationArn")->refersTo.size(), 1);
  EXPECT_EQ(channel.find("RecordingConfigurationArn")->refersTo[0].type, "AWS::IVS::RecordingConfiguration");
  EXPECT_EQ(channel.find("RecordingConfigurationArn")->refersTo[0].property, "Arn");
  EXPECT_TRUE(channel.find("Name")->refersTo.empty());
  const auto& trail = *catalogue.find("AWS::CloudTrail::Trail")->root;
  ASSERT_EQ(trail.find("KMSKeyId")->refersTo.size(), 3) << "any of several";
  const auto& vpc = *catalogue.find("AWS::Lambda::Function")->root->find("VpcConfig")->shape;
  ASSERT_EQ(vpc.find("SubnetIds")->refersTo.size(), 1) << "each item of a list, in a definition";
  EXPECT_EQ(vpc.find("SubnetIds")->refersTo[0].type, "AWS::EC2::Subnet");
}

TEST(Catalogue, SaysWhichTypesCannotBeDeployedAndWhy) {
  const Catalogue catalogue;
  EXPECT_EQ(catalogue.find("AWS::Serverless::Function")->notDeployable,
            "it is a macro of AWS::Serverless-2016-10-31, which only CloudFormation expands");
  EXPECT_EQ(catalogue.find("AWS::OpsWorks::Stack")->notDeployable,
            "AWS publishes no identifier for it, so the Cloud Control API cannot manage it");
}

TEST(Catalogue, PutsNestedAttributesWhereTheyStand) {
  const Catalogue catalogue;
  const auto* endpoint = catalogue.find("AWS::RDS::DBInstance")->root->find("Endpoint");
  ASSERT_NE(endpoint, nullptr);
  ASSERT_EQ(endpoint->shape->kind, Kind::object);
  const auto* address = endpoint->shape->find("Address");
  ASSERT_NE(address, nullptr);
  EXPECT_TRUE(address->readOnly);
}

TEST(Catalogue, KeepsDocumentationForThoseWhoAskForIt) {
  const Catalogue catalogue;
  EXPECT_EQ(catalogue.find("AWS::S3::Bucket")->documentation, "");
  const auto* type = catalogue.documented("AWS::S3::Bucket");
  EXPECT_NE(type->documentation, "");
  EXPECT_NE(type->root->find("BucketName")->documentation, "");
}

TEST(Catalogue, NamesTheNearestTypes) {
  const Catalogue catalogue;
  EXPECT_EQ(catalogue.nearest("AWS::IVS::RecordingConfigration").at(0), "AWS::IVS::RecordingConfiguration");
  EXPECT_EQ(catalogue.nearest("AWS.IVS.Recording").at(0), "AWS::IVS::RecordingConfiguration");
  EXPECT_EQ(catalogue.nearest("AWS::S3::Buckett").at(0), "AWS::S3::Bucket");
  EXPECT_EQ(catalogue.nearest("AWS::EC3::VPC").at(0), "AWS::EC2::VPC");
  EXPECT_TRUE(catalogue.nearest("AWS::Nonsense::Frobnicator").empty());
}

TEST(Catalogue, DecodesEveryType) {
  const Catalogue catalogue;
  const auto begin = std::chrono::steady_clock::now();
  for (const auto name : catalogue.names()) {
    const auto* type = catalogue.find(name);
    ASSERT_NE(type, nullptr) << name;
    EXPECT_EQ(type->name, name);
    ASSERT_NE(type->root, nullptr) << name;
    EXPECT_EQ(type->deployable(), !type->identifier.empty()) << name;
    for (const auto& part : type->identifier)  // "Schedule/ScheduleId" stands inside of Schedule
      EXPECT_NE(type->root->find(part.substr(0, part.find('/'))), nullptr) << name << " " << part;
    if (!type->tagProperty.empty()) {
      EXPECT_NE(type->root->find(type->tagProperty), nullptr) << name;
    }
  }
  const auto took = std::chrono::steady_clock::now() - begin;
  RecordProperty("decodeAllMs",
                 static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
}

TEST(Catalogue, IsSafeToUseFromSeveralThreads) {
  const Catalogue catalogue;
  std::vector<std::thread> threads;
  std::array<const Type*, 4> found{};
  for (std::size_t i = 0; i < found.size(); ++i)
    threads.emplace_back([&, i] { found[i] = catalogue.find("AWS::EC2::Instance"); });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(std::ranges::count(found, found[0]), 4);
}

}  // namespace
}  // namespace athanor::schema
