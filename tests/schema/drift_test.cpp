#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "model_generator.h"
#include "schema/catalogue.h"
#include "schema/compare.h"

namespace athanor::schema {
namespace {

using testing::IsEmpty;

/// What was sent, what the service answered when that was recorded (null: the same as live), what is live
/// now, and what is live after somebody really changed it.
struct Case {
  const char* name;
  const char* source;  ///< where users met it
  const char* type;
  const char* sent;
  const char* answered;
  const char* live;
  const char* changed;
};

void PrintTo(const Case& one, std::ostream* out) { *out << one.source; }

constexpr auto aPolicy =
    R"({"PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}})";

const Case cases[] = {
    // What the service adds.
    {"DefaultsThatTheServiceAdds", "hashicorp/terraform-provider-awscc#1960", "AWS::ECR::Repository",
     R"({"RepositoryName":"a","ImageScanningConfiguration":{"ScanOnPush":true}})", nullptr,
     R"({"RepositoryName":"a","ImageTagMutability":"MUTABLE","ImageScanningConfiguration":{"ScanOnPush":true},
         "EncryptionConfiguration":{"EncryptionType":"AES256"},"Arn":"x"})",
     R"({"RepositoryName":"a","ImageTagMutability":"MUTABLE","ImageScanningConfiguration":{"ScanOnPush":false}})"},
    {"DefaultsInsideTheItemsOfAList", "hashicorp/terraform-provider-awscc#1975", "AWS::S3::Bucket",
     R"({"BucketEncryption":{"ServerSideEncryptionConfiguration":[
         {"ServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"}}]}})",
     nullptr,
     R"({"BucketEncryption":{"ServerSideEncryptionConfiguration":[
         {"BucketKeyEnabled":false,"ServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"}}]}})",
     R"({"BucketEncryption":{"ServerSideEncryptionConfiguration":[
         {"BucketKeyEnabled":false,"ServerSideEncryptionByDefault":{"SSEAlgorithm":"aws:kms"}}]}})"},
    {"ReadOnlyValuesThatMove", "hashicorp/terraform-provider-awscc#2199", "AWS::Deadline::Limit",
     R"({"DisplayName":"a","MaxCount":5})", R"({"DisplayName":"a","MaxCount":5,"CurrentCount":0})",
     R"({"DisplayName":"a","MaxCount":5,"CurrentCount":3,"LimitId":"limit-1"})",
     R"({"DisplayName":"a","MaxCount":6,"CurrentCount":3})"},
    {"WhatTheAnswerLacks", "aws-cloudformation/cloudformation-coverage-roadmap#901",
     "AWS::CloudFront::Distribution",
     R"({"DistributionConfig":{"Enabled":true,"DefaultCacheBehavior":{"TargetOriginId":"o","ViewerProtocolPolicy":"allow-all"}},
         "Tags":[{"Key":"a","Value":"1"}]})",
     nullptr,
     R"({"DistributionConfig":{"Enabled":true,"DefaultCacheBehavior":{"TargetOriginId":"o","ViewerProtocolPolicy":"allow-all"}}})",
     R"({"DistributionConfig":{"Enabled":false,"DefaultCacheBehavior":{"TargetOriginId":"o","ViewerProtocolPolicy":"allow-all"}}})"},
    {"WriteOnlyValuesThatReadAsEmpty", "pulumi/pulumi-aws-native#277, PR#1395", "AWS::IVS::PlaybackKeyPair",
     R"({"Name":"a","PublicKeyMaterial":"key","Tags":[{"Key":"a","Value":"1"}]})", nullptr,
     R"({"Name":"a","PublicKeyMaterial":"","Tags":[{"Key":"a","Value":"1"}]})",
     R"({"Name":"a","PublicKeyMaterial":"","Tags":[{"Key":"a","Value":"2"}]})"},

    // Order.
    {"TheOrderOfAListThatTheSchemaCallsUnordered", "hashicorp/terraform-provider-awscc#1823",
     "AWS::IVS::RecordingConfiguration", R"({"RenditionConfiguration":{"Renditions":["HD","SD"]}})", nullptr,
     R"({"RenditionConfiguration":{"Renditions":["SD","HD"]}})",
     R"({"RenditionConfiguration":{"Renditions":["SD","FULL_HD"]}})"},
    {"AnOrderOfTheServicesOwn", "pulumi/pulumi-aws-native#3066", "AWS::AutoScaling::AutoScalingGroup",
     R"({"VPCZoneIdentifier":["subnet-b","subnet-a"],"MinSize":"1","MaxSize":"2"})",
     R"({"VPCZoneIdentifier":["subnet-a","subnet-b"],"MinSize":"1","MaxSize":"2"})",
     R"({"VPCZoneIdentifier":["subnet-a","subnet-b"],"MinSize":"1","MaxSize":"2"})",
     R"({"VPCZoneIdentifier":["subnet-a","subnet-c"],"MinSize":"1","MaxSize":"2"})"},

    // Tags.
    {"TagsInAnotherOrderAndAwssOwn", "hashicorp/terraform-provider-awscc#1975", "AWS::S3::Bucket",
     R"({"Tags":[{"Key":"a","Value":"1"},{"Key":"b","Value":"2"}]})", nullptr,
     R"({"Tags":[{"Key":"b","Value":"2"},{"Key":"aws:cloudformation:stack-name","Value":"s"},{"Key":"a","Value":"1"}]})",
     R"({"Tags":[{"Key":"b","Value":"2"},{"Key":"a","Value":"3"}]})"},
    {"TagsThatOthersSetBesideThem", "an update leaves them alone (provider/cloudcontrol/patch.h)",
     "AWS::S3::Bucket", R"({"Tags":[{"Key":"a","Value":"1"}]})", nullptr,
     R"({"Tags":[{"Key":"cost-centre","Value":"7"},{"Key":"a","Value":"1"}]})",
     R"({"Tags":[{"Key":"cost-centre","Value":"7"}]})"},
    {"TagsThatOthersSetInAMap", "an update leaves them alone (provider/cloudcontrol/patch.h)",
     "AWS::ApiGatewayV2::Api", R"({"Name":"a","Tags":{"a":"1"}})", nullptr,
     R"({"Name":"a","Tags":{"a":"1","cost-centre":"7"}})",
     R"({"Name":"a","Tags":{"a":"2","cost-centre":"7"}})"},

    // Documents.
    {"JsonTextWrittenAnew", "pulumi/pulumi-aws-native#3042", "AWS::OpenSearchServerless::SecurityPolicy",
     R"({"Policy":"{\"Rules\": [{\"Resource\": [\"c/a\"],\"ResourceType\": \"c\"}],\"AWSOwnedKey\": true}"})",
     nullptr,
     R"({"Policy":"{\"AWSOwnedKey\":true,\"Rules\":[{\"ResourceType\":\"c\",\"Resource\":[\"c/a\"]}]}"})",
     R"({"Policy":"{\"AWSOwnedKey\":true,\"Rules\":[{\"ResourceType\":\"c\",\"Resource\":[\"c/b\"]}]}"})"},
    {"APolicyThatComesBackAsText", "pulumi/pulumi-aws#855", "AWS::IAM::ManagedPolicy", aPolicy, nullptr,
     R"({"PolicyDocument":"{\"Statement\":[{\"Action\":\"s3:GetObject\",\"Effect\":\"Allow\",\"Resource\":\"*\"}],\"Version\":\"2012-10-17\"}"})",
     R"({"PolicyDocument":"{\"Statement\":[{\"Action\":\"s3:PutObject\",\"Effect\":\"Allow\",\"Resource\":\"*\"}],\"Version\":\"2012-10-17\"}"})"},
    {"APolicysSingleValuesInBrackets", "aws-cloudformation/cloudformation-coverage-roadmap#1322",
     "AWS::IAM::ManagedPolicy", aPolicy, nullptr,
     R"({"PolicyDocument":{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["*"]}}})",
     R"({"PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["a"]}]}})"},
    {"APolicysValuesInAnotherOrder", "pulumi/pulumi-aws#1338", "AWS::IAM::Role",
     R"({"AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[{"Sid":"","Effect":"Allow","Action":"sts:AssumeRole",
         "Principal":{"Service":["lambda.amazonaws.com","edgelambda.amazonaws.com"]}}]}})",
     nullptr,
     R"({"AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",
         "Principal":{"Service":["edgelambda.amazonaws.com","lambda.amazonaws.com"]}}]}})",
     R"({"AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",
         "Principal":{"Service":["edgelambda.amazonaws.com","ec2.amazonaws.com"]}}]}})"},
    {"AnAccountAsItsRootsArn", "IAM User Guide, AWS JSON policy elements: Principal", "AWS::S3::BucketPolicy",
     R"({"Bucket":"b","PolicyDocument":{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*","Principal":{"AWS":"123456789012"}}]}})",
     nullptr,
     R"({"Bucket":"b","PolicyDocument":{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*","Principal":{"AWS":"arn:aws:iam::123456789012:root"}}]}})",
     R"({"Bucket":"b","PolicyDocument":{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*","Principal":{"AWS":"arn:aws:iam::210987654321:root"}}]}})"},
    {"APolicysBooleansInQuotes", "udondan/iam-floyd#49", "AWS::S3::BucketPolicy",
     R"({"Bucket":"b","PolicyDocument":{"Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*","Principal":"*",
         "Condition":{"Bool":{"aws:SecureTransport":false}}}]}})",
     nullptr,
     R"({"Bucket":"b","PolicyDocument":{"Version":"2008-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*","Principal":"*",
         "Condition":{"Bool":{"aws:SecureTransport":["false"]}}}]}})",
     R"({"Bucket":"b","PolicyDocument":{"Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*","Principal":"*",
         "Condition":{"Bool":{"aws:SecureTransport":"true"}}}]}})"},

    // Scalars of another kind.
    {"NumbersAsTexts", "pulumi/pulumi-aws#5538", "AWS::SQS::Queue",
     R"({"VisibilityTimeout":30,"FifoQueue":true})", nullptr,
     R"({"VisibilityTimeout":"30","FifoQueue":"true"})", R"({"VisibilityTimeout":"31","FifoQueue":"true"})"},
    {"TextsAsNumbersAndBooleans", "aws/aws-cdk#10378", "AWS::AutoScaling::AutoScalingGroup",
     R"({"MinSize":"1","MaxSize":"2"})", nullptr, R"({"MinSize":1,"MaxSize":2})",
     R"({"MinSize":1,"MaxSize":3})"},

    // Forms of the service's own, which it has answered ever since the value was recorded.
    {"NamesInLowerCase", "aws-cloudformation/cloudformation-coverage-roadmap#2565", "AWS::DMS::Endpoint",
     R"({"EndpointIdentifier":"My-Endpoint","EngineName":"mysql"})",
     R"({"EndpointIdentifier":"my-endpoint","EngineName":"mysql"})",
     R"({"EndpointIdentifier":"my-endpoint","EngineName":"mysql"})",
     R"({"EndpointIdentifier":"your-endpoint","EngineName":"mysql"})"},
    {"AKeyIdAsItsArn", "pulumi/pulumi-aws-native#2686", "AWS::SNS::Topic", R"({"KmsMasterKeyId":"1234"})",
     R"({"KmsMasterKeyId":"arn:aws:kms:us-east-1:123456789012:key/1234"})",
     R"({"KmsMasterKeyId":"arn:aws:kms:us-east-1:123456789012:key/1234"})",
     R"({"KmsMasterKeyId":"arn:aws:kms:us-east-1:123456789012:key/5678"})"},
    {"DnsNamesWithATrailingDot", "go-to-k/cdk-real-drift#881", "AWS::Route53::RecordSet",
     R"({"AliasTarget":{"DNSName":"a.example.com","HostedZoneId":"Z1"}})",
     R"({"AliasTarget":{"DNSName":"a.example.com.","HostedZoneId":"Z1"}})",
     R"({"AliasTarget":{"DNSName":"a.example.com.","HostedZoneId":"Z1"}})",
     R"({"AliasTarget":{"DNSName":"b.example.com.","HostedZoneId":"Z1"}})"},
    {"TimesInAnotherUnitOrForm", "go-to-k/cdk-real-drift#1107", "AWS::Scheduler::Schedule",
     R"({"StartDate":"2026-03-01T09:00:00Z"})", R"({"StartDate":"2026-03-01T09:00:00.000Z"})",
     R"({"StartDate":"2026-03-01T09:00:00.000Z"})", R"({"StartDate":"2026-03-01T10:00:00.000Z"})"},
    {"ATextWithoutItsLastLineEnd", "go-to-k/cdk-real-drift#881", "AWS::EKS::Addon",
     R"({"ConfigurationValues":"replicas: 2\n"})", R"({"ConfigurationValues":"replicas: 2"})",
     R"({"ConfigurationValues":"replicas: 2"})", R"({"ConfigurationValues":"replicas: 3"})"},
};

class NoDrift : public testing::TestWithParam<Case> {
 protected:
  std::vector<Difference> found(const char* live) {
    const auto& one = GetParam();
    const auto* type = catalogue_.find(one.type);
    EXPECT_NE(type, nullptr) << one.type;
    if (!type) return {};
    const auto sent = Json::parse(one.sent), now = Json::parse(live);
    const auto answered = one.answered ? Json::parse(one.answered) : Json::object();
    return drift(*type, asAnswered(*type, sent, answered, now), now);
  }

 private:
  Catalogue catalogue_;
};

TEST_P(NoDrift, IsSeenThoughItReadsOtherwise) {
  for (const auto& one : found(GetParam().live))
    ADD_FAILURE() << GetParam().source << ": " << one.pointer << ": " << one.before << " and " << one.after;
}

TEST_P(NoDrift, HidesNoRealChange) { EXPECT_FALSE(found(GetParam().changed).empty()) << GetParam().source; }

INSTANTIATE_TEST_SUITE_P(Cases, NoDrift, testing::ValuesIn(cases),
                         [](const auto& one) { return std::string(one.param.name); });

class Drifting : public testing::Test {
 protected:
  std::vector<Difference> found(const char* name, const Json& sent, const Json& live) {
    return drift(*catalogue_.find(name), sent, live);
  }
  Catalogue catalogue_;
};

TEST_F(Drifting, OrderIsSeenWhereItMayMatter) {
  const Json one = {{"ImageConfig", {{"Command", {"serve", "fast"}}}}};
  const Json other = {{"ImageConfig", {{"Command", {"fast", "serve"}}}}};
  EXPECT_EQ(found("AWS::Lambda::Function", one, other).size(), 1U);
}

TEST_F(Drifting, TextsThatOnlyLookAlikeAreSeen) {
  const auto parameter = [&](const char* sent, const char* live) {
    return found("AWS::SSM::Parameter", {{"Value", sent}}, {{"Value", live}}).size();
  };
  EXPECT_EQ(parameter(R"({"a":1})", R"({ "a": 1 })"), 0U);
  EXPECT_EQ(parameter(R"({"a":1,"a":2})", R"({"a":2})"), 1U) << "a key that stands there twice";
  EXPECT_EQ(parameter(R"({"a":12345678901234567890123})", R"({"a":12345678901234567890124})"), 1U)
      << "numbers that no computer holds exactly";
  EXPECT_EQ(parameter("1", "01"), 1U);
  EXPECT_EQ(parameter("[1,2]", "[2,1]"), 1U);
  EXPECT_EQ(parameter("true", "True"), 1U);
}

TEST_F(Drifting, WhatTheServiceAnsweredIsSeenAgainWhereItIsExcepted) {
  const auto& type = *catalogue_.find("AWS::SQS::Queue");
  const Json sent = {{"VisibilityTimeout", 30}}, live = {{"VisibilityTimeout", 60}};
  EXPECT_THAT(drift(type, asAnswered(type, sent, live, live), live), IsEmpty());
  EXPECT_EQ(drift(type, asAnswered(type, sent, live, live, {"/VisibilityTimeout"}), live).size(), 1U);
}

TEST_F(Drifting, TheLiveTagsOfADifferenceAreTheUsersOwn) {
  const auto differences =
      found("AWS::S3::Bucket", {{"Tags", {{{"Key", "a"}, {"Value", "1"}}}}},
            {{"Tags", {{{"Key", "a"}, {"Value", "2"}}, {{"Key", "theirs"}, {"Value", "x"}}}}});
  ASSERT_EQ(differences.size(), 1U);
  EXPECT_EQ(differences[0].after, Json::parse(R"([{"Key":"a","Value":"2"}])"));
}

TEST_F(Drifting, CoverageTellsWhatCannotBeCompared) {
  const auto& type = *catalogue_.find("AWS::IVS::PlaybackKeyPair");
  const auto covered =
      coverage(type, {{"Name", "a"}, {"PublicKeyMaterial", "key"}, {"Tags", Json::array()}}, {{"Name", "a"}});
  EXPECT_EQ(covered.told, 1U);
  EXPECT_THAT(covered.writeOnly, testing::ElementsAre("/PublicKeyMaterial"));
  EXPECT_THAT(covered.missing, testing::ElementsAre("/Tags"));
}

/// A scalar of `model` somewhere below what is read back, and another value that is really different.
bool changeOne(const Shape& shape, Json& value) {
  if (value.is_object()) {
    std::vector<std::string> keys;
    for (const auto& [key, inner] : value.items()) {
      const auto* property = shape.kind == Kind::object ? shape.find(key) : nullptr;
      if (shape.kind == Kind::object && (!property || property->writeOnly || property->readOnly)) continue;
      keys.push_back(key);
    }
    if (keys.empty()) return false;
    const auto key = *rc::gen::elementOf(keys);
    const auto* property = shape.kind == Kind::object ? shape.find(key) : nullptr;
    const auto* part = property ? property->shape : shape.element;
    return part && changeOne(*part, value[key]);
  }
  if (value.is_array()) {
    if (value.empty() || !shape.element) return false;
    return changeOne(*shape.element,
                     value[static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(value.size())))]);
  }
  if (value.is_string())
    value = value.get<std::string>() + "x";
  else if (value.is_boolean())
    value = !value.get<bool>();
  else if (value.is_number())
    value = value.get<double>() + 1;
  else
    return false;
  return true;
}

TEST_F(Drifting, AnyValueThatIsReallyDifferentIsSeen) {
  const auto names = catalogue_.names();
  const bool held = rc::check("a changed scalar is drift, whatever the service answered before", [&] {
    const auto& type = *catalogue_.find(
        names[static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(names.size())))]);
    const auto model = drawModel(*type.root);
    RC_PRE(model.has_value());
    auto live = *model;
    RC_PRE(changeOne(*type.root, live));
    RC_LOG() << type.name << "\n" << model->dump() << "\n" << live.dump();
    RC_ASSERT(!drift(type, *model, live).empty());
    RC_ASSERT(!drift(type, asAnswered(type, *model, *model, live), live).empty());
    RC_ASSERT(drift(type, asAnswered(type, *model, live, live), live).empty());
  });
  EXPECT_TRUE(held);
}

}  // namespace
}  // namespace athanor::schema
