#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixtures.h"

namespace athanor::local::test {
namespace {

using testing::HasSubstr;

Json creation(const std::string& type, const std::string& model) {
  return {{"TypeName", type}, {"DesiredState", model}};
}

Json patching(const std::string& type, const Json& identifier, const std::string& patch) {
  return {{"TypeName", type}, {"Identifier", identifier}, {"PatchDocument", patch}};
}

TEST(CreateResource, AnswersWithDefaultsAndReadOnlyPropertiesThatTheCallerLeftOut) {
  InProcess cloud;
  const auto event = cloud.create("AWS::IVS::Channel", {{"Name", "live"}});
  EXPECT_EQ(event.at("OperationStatus"), "SUCCESS") << event;
  const auto model = cloud.read("AWS::IVS::Channel", event.at("Identifier"));
  EXPECT_EQ(model.at("LatencyMode"), "LOW");
  EXPECT_EQ(model.at("Type"), "STANDARD");
  EXPECT_EQ(model.at("Arn"), event.at("Identifier"));
}

TEST(CreateResource, RefusesAModelThatBreaksItsSchemaInAwsOwnWords) {
  InProcess cloud;
  const auto refusal = [&](const std::string& type, const std::string& model) {
    return cloud.refusal("CreateResource", creation(type, model));
  };
  EXPECT_EQ(
      refusal("AWS::SQS::Queue", R"({"DelaySeconds":"5"})"),
      "ValidationException: Model validation failed (#/DelaySeconds: expected type: Integer, found: String)");
  EXPECT_EQ(refusal("AWS::SQS::Queue", R"({"Tagz":[]})"),
            "ValidationException: Model validation failed (#: extraneous key [Tagz] is not permitted)");
  EXPECT_EQ(refusal("AWS::SQS::Queue", R"({"queueName":"q"})"),
            "ValidationException: Model validation failed (#: extraneous key [queueName] is not permitted)");
  EXPECT_EQ(refusal("AWS::SQS::Queue", R"({"Arn":"arn:aws:sqs:eu-west-1:123456789012:q"})"),
            "ValidationException: Model validation failed (#: extraneous key [Arn] is not permitted)");
  EXPECT_EQ(
      refusal("AWS::IVS::RecordingConfiguration", "{}"),
      "ValidationException: Model validation failed (#: required key [DestinationConfiguration] not found)");
  EXPECT_EQ(
      refusal(
          "AWS::IVS::RecordingConfiguration",
          R"({"DestinationConfiguration":{"S3":{"BucketName":"Ab"}},"RecordingReconnectWindowSeconds":301})"),
      "ValidationException: Model validation failed (#/DestinationConfiguration/S3/BucketName: expected "
      "minLength: 3, actual: 2\n#/DestinationConfiguration/S3/BucketName: failed validation constraint for "
      "keyword "
      "[pattern]\n#/RecordingReconnectWindowSeconds: failed validation constraint for keyword "
      "[maximum])");
  EXPECT_EQ(refusal("AWS::IVS::Channel", R"({"Type":"GOLD","Name":"a b"})"),
            "ValidationException: Model validation failed (#/Name: failed validation constraint for keyword "
            "[pattern]\n#/Type: #: only 1 subschema matches out of 2\n#/Type: failed validation constraint "
            "for keyword "
            "[enum])");
  EXPECT_EQ(refusal("AWS::IVS::Channel", R"({"Tags":[{"Key":"a","Value":"b"},{"Key":"a","Value":"c"}]})"),
            "ValidationException: Model validation failed (#/Tags: array items are not unique)");
  EXPECT_EQ(refusal("AWS::IVS::Channel", "[1]"),
            "ValidationException: Model validation failed (#: expected type: JSONObject, found: JSONArray)");
  EXPECT_EQ(refusal("AWS::IVS::Channel", "{"), "InvalidRequestException: DesiredState is not valid JSON");
  EXPECT_EQ(cloud.list("AWS::IVS::Channel").size(), 0);
}

TEST(CreateResource, RefusesTypesThatAreUnknownOrCannotBeDeployed) {
  InProcess cloud;
  EXPECT_EQ(cloud.refusal("CreateResource", creation("AWS::No::Such", "{}")),
            "TypeNotFoundException: The type 'AWS::No::Such' cannot be found.");
  EXPECT_EQ(
      cloud.refusal("CreateResource", creation("AWS::Serverless::Function", "{}")),
      "UnsupportedActionException: Resource type AWS::Serverless::Function does not support CREATE action");
}

TEST(CreateResource, TellsEveryMemberThatBreaksTheApisConstraints) {
  InProcess cloud;
  EXPECT_EQ(
      cloud.refusal("CreateResource", {{"TypeName", "AWS::IVS"}, {"ClientToken", "a b"}}),
      "ValidationException: 4 validation errors detected: Value 'AWS::IVS' at 'typeName' failed to satisfy "
      "constraint: Member must have length greater than or equal to 10; Value 'AWS::IVS' at 'typeName' "
      "failed "
      "to satisfy constraint: Member must satisfy regular expression pattern: "
      "[A-Za-z0-9]{2,64}::[A-Za-z0-9]{2,64}::[A-Za-z0-9]{2,64}; Value null at 'desiredState' failed to "
      "satisfy "
      "constraint: Member must not be null; Value 'a b' at 'clientToken' failed to satisfy constraint: "
      "Member "
      "must satisfy regular expression pattern: [-A-Za-z0-9+/=]+");
  EXPECT_THAT(cloud.refusal("CreateResource", {{"TypeName", 7}}), HasSubstr("SerializationException"));
  for (const auto* operation :
       {"CreateResource", "UpdateResource", "DeleteResource", "GetResource", "ListResources"})
    EXPECT_THAT(
        cloud.refusal(operation, {{"TypeName", "AWS::IVS::Channel"},
                                  {"Identifier", "x"},
                                  {"DesiredState", "{}"},
                                  {"PatchDocument", "[]"},
                                  {"RoleArn", "arn:aws:iam::12:role/short"},
                                  {"TypeVersionId", "1.0"}}),
        testing::AllOf(
            HasSubstr("2 validation errors detected: Value 'arn:aws:iam::12:role/short' at 'roleArn'"),
            HasSubstr("Value '1.0' at 'typeVersionId'")))
        << operation;
  EXPECT_EQ(cloud.create("AWS::IVS::Channel", Json::object()).at("OperationStatus"), "SUCCESS");
}

TEST(CreateResource, FailsWhenTheNameIsTaken) {
  InProcess cloud;
  EXPECT_EQ(cloud.create("AWS::Logs::LogGroup", {{"LogGroupName", "X"}}).at("OperationStatus"), "SUCCESS");
  const auto again = cloud.create("AWS::Logs::LogGroup", {{"LogGroupName", "X"}});
  EXPECT_EQ(again.at("OperationStatus"), "FAILED");
  EXPECT_EQ(again.at("ErrorCode"), "AlreadyExists");
  EXPECT_EQ(
      again.at("StatusMessage"),
      R"(Resource of type 'AWS::Logs::LogGroup' with identifier '{"/properties/LogGroupName":"X"}' already exists.)");
}

TEST(CreateResource, KeepsAccountsAndRegionsApart) {
  InProcess cloud;
  cloud.create("AWS::Logs::LogGroup", {{"LogGroupName", "X"}});
  cloud.caller.region = "us-west-2";
  EXPECT_EQ(cloud.list("AWS::Logs::LogGroup").size(), 0);
  EXPECT_EQ(cloud.create("AWS::Logs::LogGroup", {{"LogGroupName", "X"}}).at("OperationStatus"), "SUCCESS");
  cloud.caller.account = "999999999999";
  EXPECT_EQ(cloud.list("AWS::Logs::LogGroup").size(), 0);
}

TEST(Identifiers, AreTakenPlainJoinedOrAsJsonInAnyOrder) {
  InProcess cloud;
  const std::string type = "AWS::ApiGateway::Stage";
  const auto event = cloud.create(type, {{"RestApiId", "r1"}, {"StageName", "prod"}});
  ASSERT_EQ(event.at("OperationStatus"), "SUCCESS") << event;
  EXPECT_EQ(event.at("Identifier"), "r1|prod");
  EXPECT_EQ(cloud.read(type, "r1|prod").at("StageName"), "prod");
  EXPECT_EQ(cloud.read(type, R"({"StageName":"prod","RestApiId":"r1"})").at("StageName"), "prod");
  EXPECT_EQ(cloud.refusal("GetResource", {{"TypeName", type}, {"Identifier", "prod"}}),
            "ValidationException: Identifier prod is not valid for identifier [/properties/RestApiId, "
            "/properties/StageName]");
  EXPECT_EQ(cloud.refusal("GetResource", {{"TypeName", type}, {"Identifier", "r1|test"}}),
            "ResourceNotFoundException: Resource of type 'AWS::ApiGateway::Stage' with identifier 'r1|test' "
            "was not "
            "found.");
}

TEST(Identifiers, ThatLackAPartOrNameAnotherAreRefused) {
  InProcess cloud;
  const std::string type = "AWS::ApiGateway::Stage";
  cloud.create(type, {{"RestApiId", "r1"}, {"StageName", "prod"}});
  for (const std::string wrong :
       {R"({"StageName":"prod"})", R"({"RestApiId":"r1","Stage":"prod"})", R"({"RestApiId")",
        R"({"RestApiId":{"a":1},"StageName":"prod"})", "r1|prod|more", "r1"})
    for (const auto* operation : {"GetResource", "DeleteResource", "UpdateResource"})
      EXPECT_EQ(
          cloud.refusal(operation, {{"TypeName", type}, {"Identifier", wrong}, {"PatchDocument", "[]"}}),
          "ValidationException: Identifier " + wrong +
              " is not valid for identifier [/properties/RestApiId, /properties/StageName]");
  EXPECT_EQ(cloud.read("AWS::ApiGateway::Stage", R"({"Other":1,"StageName":"prod","RestApiId":"r1"})")
                .at("StageName"),
            "prod")
      << "what else stands there is passed over";
}

TEST(Identifiers, OfOnePartMayBeJsonToo) {
  InProcess cloud;
  cloud.create("AWS::Logs::LogGroup", {{"LogGroupName", "a|b"}});
  EXPECT_EQ(cloud.read("AWS::Logs::LogGroup", R"({"LogGroupName":"a|b"})").at("LogGroupName"), "a|b");
  EXPECT_EQ(cloud.read("AWS::Logs::LogGroup", "a|b").at("LogGroupName"), "a|b");
}

class UpdateResource : public testing::Test {
 protected:
  std::string refusal(const std::string& patch) {
    return cloud.refusal("UpdateResource", patching(type, arn, patch));
  }
  Json after(const std::string& patch) {
    const auto event = cloud.event("UpdateResource", patching(type, arn, patch));
    EXPECT_EQ(event.at("OperationStatus"), "SUCCESS") << event;
    return cloud.read(type, arn);
  }

  InProcess cloud;
  std::string type = "AWS::IVS::RecordingConfiguration";
  std::string arn =
      cloud
          .create(type, Json::parse(R"({"Name":"a","DestinationConfiguration":{"S3":{"BucketName":"abc"}},
                                                      "Tags":[{"Key":"k","Value":"v"}]})"))
          .at("Identifier");
};

TEST_F(UpdateResource, AppliesAllSixOperationsInOrder) {
  EXPECT_EQ(after(R"([{"op":"replace","path":"/Tags/0/Value","value":"w"}])").at("Tags")[0].at("Value"), "w");
  EXPECT_EQ(after(R"([{"op":"add","path":"/Tags/-","value":{"Key":"l","Value":"x"}}])").at("Tags").size(), 2);
  EXPECT_EQ(
      after(
          R"([{"op":"test","path":"/Tags/1/Key","value":"l"},{"op":"copy","from":"/Tags/0/Value","path":"/Tags/1/Value"}])")
          .at("Tags")[1]
          .at("Value"),
      "w");
  EXPECT_EQ(after(R"([{"op":"move","from":"/Tags/0","path":"/Tags/1"}])").at("Tags")[0].at("Key"), "l");
  EXPECT_FALSE(after(R"([{"op":"remove","path":"/Tags"}])").contains("Tags"));
}

TEST_F(UpdateResource, TakesPathsWithoutTheirLeadingSlash) {
  EXPECT_EQ(after(R"([{"op":"replace","path":"Tags/0/Value","value":"w"}])").at("Tags")[0].at("Value"), "w");
  EXPECT_EQ(after(R"([{"op":"copy","from":"Tags/0/Key","path":"Tags/0/Value"}])").at("Tags")[0].at("Value"),
            "k");
  EXPECT_EQ(after(R"([{"op":"test","path":"Tags/0/Key","value":"k"},{"op":"remove","path":"Tags"}])")
                .contains("Tags"),
            false);
}

TEST_F(UpdateResource, ChangesNothingWhenATestFails) {
  EXPECT_EQ(
      refusal(
          R"([{"op":"replace","path":"/Tags/0/Value","value":"w"},{"op":"test","path":"/Tags/0/Key","value":"b"}])"),
      "ValidationException: [TEST Operation] value mismatch");
  EXPECT_EQ(cloud.read(type, arn).at("Tags")[0].at("Value"), "v");
}

TEST_F(UpdateResource, RefusesWhatIsNoPatch) {
  EXPECT_EQ(refusal("{}"),
            "InvalidRequestException: Invalid patch document: it is not a JSON array of operations");
  EXPECT_EQ(refusal(R"([{"op":"set","path":"/Name"}])"),
            "InvalidRequestException: Invalid patch document: unknown operation 'set'");
  EXPECT_EQ(refusal(R"([{"op":"replace","path":"/Tags~2","value":1}])"),
            "InvalidRequestException: Invalid patch document: 'replace' has a path that is no JSON pointer");
  for (const auto* document :
       {R"([{"path":"/Name"}])", R"([{"op":"add","path":"/Name"}])", R"([{"op":"add","value":1}])",
        R"([{"op":"copy","path":"/Name"}])", R"([{"op":"move","path":"/Name","from":1}])", "{", "[1]"})
    EXPECT_THAT(refusal(document), HasSubstr("InvalidRequestException: Invalid patch document: "))
        << document;
}

TEST_F(UpdateResource, SaysWhichPathIsNotThere) {
  EXPECT_EQ(refusal(R"([{"op":"replace","path":"/Tags/0/Colour","value":"red"}])"),
            "ValidationException: [REPLACE Operation] noSuchPath in source, path provided : //Tags/0/Colour");
  EXPECT_EQ(refusal(R"([{"op":"remove","path":"Nope"}])"),
            "ValidationException: [REMOVE Operation] noSuchPath in source, path provided : //Nope");
  EXPECT_EQ(refusal(R"([{"op":"add","path":"/Nope/Inner","value":1}])"),
            "ValidationException: [ADD Operation] noSuchPath in source, path provided : //Nope/Inner");
  EXPECT_EQ(refusal(R"([{"op":"copy","from":"/Nope","path":"/Tags"}])"),
            "ValidationException: [COPY Operation] noSuchPath in source, path provided : //Nope");
  EXPECT_EQ(refusal(R"([{"op":"move","from":"Tags/7","path":"/Tags/0"}])"),
            "ValidationException: [MOVE Operation] noSuchPath in source, path provided : //Tags/7");
  EXPECT_EQ(refusal(R"([{"op":"add","path":"/Tags/9","value":{"Key":"k","Value":"v"}}])"),
            "ValidationException: [ADD Operation] noSuchPath in source, path provided : //Tags/9");
}

TEST_F(UpdateResource, NamesTheCreateOnlyPropertiesThatCannotBeUpdated) {
  EXPECT_EQ(
      refusal(
          R"([{"op":"replace","path":"/Name","value":"b"},{"op":"replace","path":"/RecordingReconnectWindowSeconds","value":30}])"),
      "NotUpdatableException: Invalid patch update: createOnlyProperties [/properties/Name, "
      "/properties/RecordingReconnectWindowSeconds] cannot be updated");
  EXPECT_THAT(
      refusal(R"([{"op":"replace","path":"/DestinationConfiguration/S3/BucketName","value":"abcd"}])"),
      HasSubstr("NotUpdatableException: Invalid patch update: createOnlyProperties "
                "[/properties/DestinationConfiguration"));
}

TEST_F(UpdateResource, LetsAPatchNameACreateOnlyPropertyThatItLeavesAsItIs) {
  EXPECT_EQ(
      refusal(
          R"([{"op":"add","path":"/Name","value":"a"},{"op":"replace","path":"/Tags/0/Value","value":"w"}])"),
      "");
  EXPECT_EQ(cloud.read(type, arn).at("Tags")[0].at("Value"), "w");
}

TEST_F(UpdateResource, NamesTheReadOnlyPropertiesThatCannotBeUpdated) {
  EXPECT_EQ(
      refusal(
          R"([{"op":"replace","path":"/State","value":"CREATING"},{"op":"add","path":"/Arn","value":"x"}])"),
      "ValidationException: Invalid patch update: readOnlyProperties [/properties/State, /properties/Arn] "
      "cannot "
      "be updated");
}

TEST_F(UpdateResource, NeitherMovesNorCopiesOntoWhatIsFixed) {
  EXPECT_EQ(refusal(R"([{"op":"move","from":"/Name","path":"/Tags/0/Value"}])"),
            "NotUpdatableException: Invalid patch update: createOnlyProperties [/properties/Name] cannot be "
            "updated");
  EXPECT_EQ(
      refusal(R"([{"op":"copy","from":"/Name","path":"/State"}])"),
      "ValidationException: Invalid patch update: readOnlyProperties [/properties/State] cannot be updated");
  EXPECT_EQ(refusal(R"([{"op":"remove","path":"/Name"}])"),
            "NotUpdatableException: Invalid patch update: createOnlyProperties [/properties/Name] cannot be "
            "updated");
  EXPECT_THAT(
      refusal(R"([{"op":"replace","path":"","value":{}}])"),
      HasSubstr("NotUpdatableException: Invalid patch update: createOnlyProperties [/properties/Dest"))
      << "the whole document";
  EXPECT_EQ(after(R"([{"op":"copy","from":"/Name","path":"/Tags/0/Value"}])").at("Tags")[0].at("Value"), "a");
}

TEST(UpdatedObjects, KeepWhatOnlyTheServiceSets) {
  InProcess cloud;
  const std::string type = "AWS::CustomerProfiles::Domain";
  const auto made = cloud.create(
      type,
      {{"DomainName", "shop"}, {"DefaultExpirationDays", 30}, {"RuleBasedMatching", {{"Enabled", true}}}});
  ASSERT_EQ(made.at("OperationStatus"), "SUCCESS") << made;
  const auto before = cloud.read(type, "shop").at("RuleBasedMatching");
  ASSERT_TRUE(before.contains("Status")) << before;
  const auto event = cloud.event(
      "UpdateResource",
      patching(type, "shop", R"([{"op":"replace","path":"/RuleBasedMatching","value":{"Enabled":false}}])"));
  ASSERT_EQ(event.at("OperationStatus"), "SUCCESS") << event;
  EXPECT_EQ(cloud.read(type, "shop").at("RuleBasedMatching"),
            (Json{{"Enabled", false}, {"Status", before.at("Status")}}));
}

TEST_F(UpdateResource, ValidatesWhatItWouldBecome) {
  EXPECT_EQ(refusal(R"([{"op":"add","path":"/Tags/-","value":{"Key":"l"}}])"),
            "ValidationException: Model validation failed (#/Tags/1: required key [Value] not found)");
}

TEST_F(UpdateResource, OfWhatIsGoneIsRefusedAtOnceWhileADeleteFailsInItsOperation) {
  arn += "x";
  EXPECT_THAT(refusal("[]"), HasSubstr("ResourceNotFoundException: "));
  const auto event = cloud.event("DeleteResource", {{"TypeName", type}, {"Identifier", arn}});
  EXPECT_EQ(event.at("OperationStatus"), "FAILED");
  EXPECT_EQ(event.at("ErrorCode"), "NotFound");
}

TEST(WriteOnlyProperties, AreNeverReturnedAndAreUpdatedByAddAlone) {
  InProcess cloud;
  const std::string type = "AWS::IVS::PlaybackKeyPair";
  const auto event = cloud.create(type, {{"Name", "k"}, {"PublicKeyMaterial", "abc"}});
  const auto arn = event.at("Identifier");
  EXPECT_FALSE(cloud.read(type, arn).contains("PublicKeyMaterial"));
  EXPECT_THAT(event.dump(), testing::Not(HasSubstr("PublicKeyMaterial")));
  EXPECT_EQ(
      cloud.refusal("UpdateResource",
                    patching(type, arn, R"([{"op":"replace","path":"/PublicKeyMaterial","value":"d"}])")),
      "ValidationException: Invalid patch update: writeOnlyProperties [/PublicKeyMaterial] can only be "
      "updated "
      "using 'add' operation");
}

TEST(WriteOnlyProperties, AreNeitherTestedRemovedNorCopied) {
  InProcess cloud;
  const std::string type = "AWS::IVS::IngestConfiguration";
  const auto arn =
      cloud.create(type, {{"IngestProtocol", "RTMPS"}, {"InsecureIngest", false}}).at("Identifier");
  EXPECT_FALSE(cloud.read(type, arn).contains("InsecureIngest"));
  for (const auto* document : {R"([{"op":"test","path":"/InsecureIngest","value":false}])",
                               R"([{"op":"remove","path":"InsecureIngest"}])",
                               R"([{"op":"copy","from":"/InsecureIngest","path":"/Name"}])"})
    EXPECT_EQ(cloud.refusal("UpdateResource", patching(type, arn, document)),
              "ValidationException: Invalid patch update: writeOnlyProperties [/InsecureIngest] can only be "
              "updated "
              "using 'add' operation");
}

TEST(ListResources, PagesThroughEverythingOnce) {
  InProcess cloud;
  std::set<std::string> made;
  for (int i = 0; i < 25; ++i)
    made.insert(cloud.create("AWS::IVS::Channel", Json::object()).at("Identifier"));
  std::set<std::string> seen;
  Json input = {{"TypeName", "AWS::IVS::Channel"}, {"MaxResults", 10}};
  for (int pages = 1;; ++pages) {
    const auto page = cloud.call("ListResources", input);
    for (const auto& one : page.at("ResourceDescriptions"))
      EXPECT_TRUE(seen.insert(one.at("Identifier")).second);
    if (!page.contains("NextToken")) {
      EXPECT_EQ(pages, 3);
      break;
    }
    input["NextToken"] = page.at("NextToken");
  }
  EXPECT_EQ(seen, made);
  EXPECT_THAT(cloud.refusal("ListResources", {{"TypeName", "AWS::IVS::Channel"}, {"NextToken", "zzz"}}),
              HasSubstr("InvalidRequestException"));
  EXPECT_THAT(cloud.refusal("ListResources", {{"TypeName", "AWS::IVS::Channel"}, {"MaxResults", 101}}),
              HasSubstr("Member must have value less than or equal to 100"));
}

TEST(ListResources, FiltersByTheGivenModel) {
  InProcess cloud;
  cloud.create("AWS::IVS::Channel", {{"Name", "a"}});
  cloud.create("AWS::IVS::Channel", {{"Name", "b"}});
  const auto found =
      cloud.call("ListResources", {{"TypeName", "AWS::IVS::Channel"}, {"ResourceModel", R"({"Name":"b"})"}});
  ASSERT_EQ(found.at("ResourceDescriptions").size(), 1);
  EXPECT_THAT(found.dump(), HasSubstr(R"(\"Name\":\"b\")"));
}

TEST(UnknownOperations, AreSaidToBeUnknown) {
  InProcess cloud;
  EXPECT_EQ(cloud.refusal("ExplodeResource", Json::object()),
            "UnknownOperationException: Cloud Control has no operation ExplodeResource");
}

TEST(DeepInput, IsRefusedBeforeItOverflowsTheStack) {
  InProcess cloud;
  const std::string deep = std::string(100000, '[') + std::string(100000, ']');
  EXPECT_THAT(cloud.refusal("CreateResource", creation("AWS::IVS::Channel", R"({"Name":)" + deep + "}")),
              HasSubstr("nests too deep"));
  EXPECT_THAT(
      cloud.refusal("UpdateResource",
                    patching("AWS::IVS::Channel",
                             cloud.create("AWS::IVS::Channel", Json::object()).at("Identifier"), deep)),
      HasSubstr("nests too deep"));
}

}  // namespace
}  // namespace athanor::local::test
