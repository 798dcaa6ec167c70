#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixtures.h"

namespace athanor::local::test {
namespace {

using testing::HasSubstr;

const std::string function = "AWS::Lambda::Function";
const std::string role = "AWS::IAM::Role";
const std::string subnet = "AWS::EC2::Subnet";
const std::string vpc = "AWS::EC2::VPC";

Json roleNamed(const std::string& name) {
  return {{"RoleName", name}, {"AssumeRolePolicyDocument", Json::object()}};
}

Json functionWith(const std::string& roleArn, const Json& more = Json::object()) {
  Json out = {{"Code", {{"ZipFile", "x"}}}, {"Role", roleArn}};
  out.update(more);
  return out;
}

/// "SUCCESS", or the error's code and message.
std::string outcome(const Json& event) {
  if (event.at("OperationStatus") == "SUCCESS") return "SUCCESS";
  return stringAt(event, "ErrorCode") + ": " + stringAt(event, "StatusMessage");
}

struct References : testing::Test {
  std::string make(const std::string& type, const Json& model) {
    const auto event = cloud.create(type, model);
    EXPECT_EQ(outcome(event), "SUCCESS") << model;
    return stringAt(event, "Identifier");
  }
  std::string attempt(const std::string& type, const Json& model) {
    return outcome(cloud.create(type, model));
  }
  std::string patch(const std::string& type, const std::string& identifier, const std::string& op,
                    const std::string& path, const std::string& value) {
    const auto document = Json::array({{{"op", op}, {"path", path}, {"value", value}}});
    return outcome(
        cloud.event("UpdateResource",
                    {{"TypeName", type}, {"Identifier", identifier}, {"PatchDocument", document.dump()}}));
  }
  std::string remove(const std::string& type, const std::string& identifier) {
    return outcome(cloud.event("DeleteResource", {{"TypeName", type}, {"Identifier", identifier}}));
  }

  InProcess cloud;
};

TEST_F(References, AreNotCheckedUntilAResourceOfTheirTypeIsMadeHere) {
  EXPECT_EQ(attempt(function, functionWith("arn:aws:iam::123456789012:role/elsewhere")), "SUCCESS");
  make(role, roleNamed("web"));
  EXPECT_EQ(
      attempt(function, functionWith("arn:aws:iam::123456789012:role/elsewhere")),
      "InvalidRequest: #/Role: arn:aws:iam::123456789012:role/elsewhere is no AWS::IAM::Role of account "
      "123456789012 in eu-west-1. The AWS that runs here has made resources of that type, so it checks what "
      "refers to them; --no-references switches this off.");
  EXPECT_EQ(cloud.list(function).size(), 1) << "what is refused is not made";
}

TEST_F(References, AreRightWhenTheResourceIsThere) {
  make(role, roleNamed("web"));
  EXPECT_EQ(attempt(function, functionWith("arn:aws:iam::123456789012:role/web")), "SUCCESS");
  auto inTeam = roleNamed("worker");
  inTeam["Path"] = "/team/";
  make(role, inTeam);
  EXPECT_EQ(attempt(function, functionWith("arn:aws:iam::123456789012:role/team/worker")), "SUCCESS");
  cloud.caller.region = "us-west-2";
  make(role, roleNamed("another"));
  EXPECT_EQ(attempt(function, functionWith("arn:aws:iam::123456789012:role/web")), "SUCCESS")
      << "roles are of no region";
}

TEST_F(References, MayBeToWhatIsNotOfThisAccountAndRegion) {
  make(role, roleNamed("web"));
  make("AWS::KMS::Key", {{"KeyPolicy", Json::object()}});
  make("AWS::S3::Bucket", {{"BucketName", "mine"}});
  for (const auto* arn :
       {"arn:aws:iam::999999999999:role/theirs",
        "arn:aws:iam::123456789012:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"})
    EXPECT_EQ(attempt(function, functionWith(arn)), "SUCCESS") << arn;
  for (const auto* key : {"alias/aws/lambda", "arn:aws:kms:us-east-1:123456789012:key/AbCdEfGh1234",
                          "mrk-1234abcd12ab34cd56ef1234567890ab"})
    EXPECT_EQ(attempt(function, functionWith("arn:aws:iam::123456789012:role/web", {{"KmsKeyArn", key}})),
              "SUCCESS")
        << key;
  EXPECT_EQ(
      attempt("AWS::CloudTrail::Trail", {{"IsLogging", true}, {"S3BucketName", "of-the-audit-account"}}),
      "SUCCESS")
      << "a bucket's name tells no account";
  EXPECT_EQ(attempt("AWS::Logs::LogGroup", {{"LogGroupName", "no-function"}}), "SUCCESS")
      << "names are chosen by people";
}

TEST_F(References, MayBeToWhatEveryAccountHas) {
  make("AWS::Events::EventBus", {{"Name", "orders"}});
  const std::string bus = "arn:aws:events:eu-west-1:123456789012:event-bus/";
  const auto rule = [&](const std::string& on) {
    return attempt("AWS::Events::Rule", {{"EventBusName", on}, {"ScheduleExpression", "rate(1 hour)"}});
  };
  EXPECT_EQ(rule(bus + "default"), "SUCCESS");
  EXPECT_EQ(rule(bus + "orders"), "SUCCESS");
  EXPECT_THAT(rule(bus + "order"), HasSubstr("#/EventBusName: " + bus + "order is no AWS::Events::EventBus"));
}

TEST_F(References, ToIdentifiersThatTheServiceMakesAreChecked) {
  const auto network = make(vpc, {{"CidrBlock", "10.0.0.0/16"}});
  EXPECT_EQ(attempt(subnet, {{"VpcId", network}}), "SUCCESS");
  const auto gone = make(vpc, {{"CidrBlock", "10.1.0.0/16"}});
  EXPECT_EQ(remove(vpc, gone), "SUCCESS");
  EXPECT_THAT(attempt(subnet, {{"VpcId", gone}}),
              HasSubstr("InvalidRequest: #/VpcId: " + gone + " is no AWS::EC2::VPC"));
  EXPECT_EQ(attempt(subnet, {{"VpcId", "vpc-0a1b2c3d"}}), "SUCCESS") << "no identifier of this AWS";
}

TEST_F(References, InListsAreNamedWithTheirPlace) {
  const auto network = make(vpc, {{"CidrBlock", "10.0.0.0/16"}});
  const auto first = make(subnet, {{"VpcId", network}});
  const auto gone = make(subnet, {{"VpcId", network}});
  EXPECT_EQ(remove(subnet, gone), "SUCCESS");
  EXPECT_THAT(attempt(function, functionWith("arn:aws:iam::999999999999:role/r",
                                             {{"VpcConfig", {{"SubnetIds", {first, gone}}}}})),
              HasSubstr("#/VpcConfig/SubnetIds/1: " + gone));
}

TEST_F(References, OfAnUpdateAreCheckedWhereTheyAreNew) {
  const auto network = make(vpc, {{"CidrBlock", "10.0.0.0/16"}});
  const auto first = make(subnet, {{"VpcId", network}});
  const auto second = make(subnet, {{"VpcId", network}});
  const auto made = make(
      function, functionWith("arn:aws:iam::999999999999:role/r", {{"VpcConfig", {{"SubnetIds", {second}}}}}));
  EXPECT_EQ(remove(subnet, second), "SUCCESS") << "a function's network interfaces are not known here";
  EXPECT_EQ(patch(function, made, "add", "/Description", "d"), "SUCCESS")
      << "what was there before is no mistake of this update";
  const auto third = make(subnet, {{"VpcId", network}});
  EXPECT_EQ(remove(subnet, third), "SUCCESS");
  EXPECT_THAT(patch(function, made, "replace", "/VpcConfig/SubnetIds/0", third),
              HasSubstr("InvalidRequest: #/VpcConfig/SubnetIds/0"));
  EXPECT_EQ(patch(function, made, "replace", "/VpcConfig/SubnetIds/0", first), "SUCCESS");
}

TEST_F(References, MayHaveAVersionOrAnAliasBehindThem) {
  const auto made = make(function, functionWith("arn:aws:iam::999999999999:role/r", {{"FunctionName", "f"}}));
  const std::string arn = "arn:aws:lambda:eu-west-1:123456789012:function:f";
  for (const auto& name : {std::string("f"), arn, arn + ":live", arn + ":7"})
    EXPECT_EQ(attempt("AWS::Lambda::Permission", {{"Action", "lambda:InvokeFunction"},
                                                  {"FunctionName", name},
                                                  {"Principal", "s3.amazonaws.com"}}),
              "SUCCESS")
        << name;
  EXPECT_THAT(attempt("AWS::Lambda::Permission", {{"Action", "lambda:InvokeFunction"},
                                                  {"FunctionName", arn + "2"},
                                                  {"Principal", "s3.amazonaws.com"}}),
              HasSubstr("#/FunctionName: " + arn + "2 is no AWS::Lambda::Function"));
}

TEST_F(References, AreLeftAloneWhereTheCheckIsSwitchedOff) {
  InProcess trusting(std::chrono::milliseconds(0), ":memory:", false);
  trusting.create(role, roleNamed("web"));
  EXPECT_EQ(outcome(trusting.create(function, functionWith("arn:aws:iam::123456789012:role/elsewhere"))),
            "SUCCESS");
}

struct InUse : References {};

TEST_F(InUse, ANetworkIsTakenDownFromItsLeaves) {
  const auto network = make(vpc, {{"CidrBlock", "10.0.0.0/16"}});
  const auto part = make(subnet, {{"VpcId", network}});
  const auto card = make("AWS::EC2::NetworkInterface", {{"SubnetId", part}});
  EXPECT_EQ(remove(vpc, network),
            "ResourceConflict: The vpc '" + network + "' has dependencies and cannot be deleted.");
  EXPECT_EQ(remove(subnet, part),
            "ResourceConflict: The subnet '" + part + "' has dependencies and cannot be deleted.");
  EXPECT_EQ(remove("AWS::EC2::NetworkInterface", card), "SUCCESS");
  EXPECT_EQ(remove(subnet, part), "SUCCESS");
  EXPECT_EQ(remove(vpc, network), "SUCCESS");
}

TEST_F(InUse, ASecurityGroupIsKeptByTheRulesOfOthersAndNotByItsOwn) {
  const auto group = [&] { return make("AWS::EC2::SecurityGroup", {{"GroupDescription", "d"}}); };
  const auto id = [&](const std::string& made) {
    return stringAt(cloud.read("AWS::EC2::SecurityGroup", made), "GroupId");
  };
  const auto web = group(), database = group();
  const auto ingress = [&](const std::string& of, const std::string& from) {
    return make("AWS::EC2::SecurityGroupIngress",
                {{"IpProtocol", "tcp"}, {"GroupId", of}, {"SourceSecurityGroupId", from}});
  };
  const auto rule = ingress(id(database), id(web));
  EXPECT_THAT(remove("AWS::EC2::SecurityGroup", web), HasSubstr("has a dependent object"));
  EXPECT_EQ(remove("AWS::EC2::SecurityGroup", database), "SUCCESS");
  EXPECT_EQ(remove("AWS::EC2::SecurityGroupIngress", rule), "SUCCESS");
  EXPECT_EQ(remove("AWS::EC2::SecurityGroup", web), "SUCCESS");
}

TEST_F(InUse, ARoleIsKeptByItsInstanceProfileAndAPolicyByTheRole) {
  const auto policy =
      make("AWS::IAM::ManagedPolicy", {{"ManagedPolicyName", "p"}, {"PolicyDocument", Json::object()}});
  EXPECT_EQ(policy, "arn:aws:iam::123456789012:policy/p");
  auto model = roleNamed("web");
  model["ManagedPolicyArns"] = {policy};
  make(role, model);
  const auto profile = make("AWS::IAM::InstanceProfile", {{"Roles", {"web"}}});
  EXPECT_EQ(remove(role, "web"),
            "ResourceConflict: Cannot delete entity, must remove roles from instance profile first.");
  EXPECT_EQ(remove("AWS::IAM::ManagedPolicy", policy),
            "ResourceConflict: Cannot delete a policy attached to entities.");
  EXPECT_EQ(remove("AWS::IAM::InstanceProfile", profile), "SUCCESS");
  EXPECT_EQ(remove(role, "web"), "SUCCESS");
  EXPECT_EQ(remove("AWS::IAM::ManagedPolicy", policy), "SUCCESS");
}

TEST_F(InUse, EndsWhenTheOtherNoLongerNamesIt) {
  make("AWS::RDS::DBSubnetGroup",
       {{"DBSubnetGroupName", "private"}, {"DBSubnetGroupDescription", "d"}, {"SubnetIds", {"subnet-1"}}});
  const auto cluster =
      make("AWS::RDS::DBCluster", {{"DBSubnetGroupName", "private"}, {"Engine", "aurora-mysql"}});
  EXPECT_THAT(remove("AWS::RDS::DBSubnetGroup", "private"),
              HasSubstr("ResourceConflict: Cannot delete the subnet group 'private'"));
  EXPECT_EQ(remove("AWS::RDS::DBCluster", cluster), "SUCCESS");
  EXPECT_EQ(remove("AWS::RDS::DBSubnetGroup", "private"), "SUCCESS");
}

TEST_F(InUse, AClusterIsKnownByItsNameAndByItsArn) {
  make("AWS::ECS::Cluster", {{"ClusterName", "main"}});
  const auto arn = stringAt(cloud.read("AWS::ECS::Cluster", "main"), "Arn");
  for (const auto& name : {std::string("main"), arn}) {
    const auto service = make("AWS::ECS::Service", {{"Cluster", name}});
    EXPECT_EQ(remove("AWS::ECS::Cluster", "main"),
              "GeneralServiceException: The Cluster cannot be deleted while Services are active.");
    EXPECT_EQ(remove("AWS::ECS::Service", service), "SUCCESS");
  }
  EXPECT_EQ(remove("AWS::ECS::Cluster", "main"), "SUCCESS");
}

}  // namespace
}  // namespace athanor::local::test
