// Faults as they are described, and what they do to one request or operation.
#include "local/faults/faults.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "fixtures.h"
#include "local/faults/console.h"
#include "local/faults/description.h"
#include "local/faults/glob.h"

namespace athanor::local::test {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

const std::string channel = "AWS::IVS::Channel";
const std::string recording = "AWS::IVS::RecordingConfiguration";
const std::string logGroup = "AWS::Logs::LogGroup";

Json body(const std::string& type, const std::string& identifier = "") {
  Json out = {{"TypeName", type}};
  if (!identifier.empty()) out["Identifier"] = identifier;
  return out;
}

/// A Cloud Control without HTTP that is told of faults, with a clock that only the test moves.
struct Faulty {
  explicit Faulty(const std::string& flag, milliseconds latency = milliseconds(0)) : cloud(latency) {
    cloud.fate = [this](const auto& key, auto verb) { return faults.fateOf(key, verb); };
    faults.add(faultsFromFlag(flag, cloud.sources()));
  }
  /// "" where a request passes, else the exception's name, "lost request" or "lost answer".
  std::string meets(const std::string& operation, const Json& input = Json::object()) {
    const auto verdict = faults.meet(cloud.caller, operation, input.dump());
    if (verdict.error) return verdict.error->type().substr(verdict.error->type().find('#') + 1);
    if (verdict.loseRequest) return "lost request";
    return verdict.loseAnswer ? "lost answer" : "";
  }
  /// One letter for each of `count` reads: "x" where a fault strikes.
  std::string pattern(int count, const std::string& type = channel) {
    std::string out;
    for (int i = 0; i < count; ++i) out += meets("GetResource", body(type, "a")).empty() ? '.' : 'x';
    return out;
  }

  Faults faults{[this] { return *cloud.now; }};
  InProcess cloud;
};

/// What is said of a wrong description, and what to do.
std::string complaint(const std::string& flag) {
  try {
    faultsFromFlag(flag, systemSources());
    return "";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::usage);
    return error.what() + std::string(" | ") + error.hint();
  }
}

TEST(FaultDescription, NamesTheMemberThatIsWrongAndWhatMayStandThere) {
  EXPECT_THAT(complaint("throtle"), HasSubstr("Did you mean \"throttle\"? It is one of: throttle, error, "));
  EXPECT_THAT(complaint("throttle,probabilty=1"),
              HasSubstr("no member \"probabilty\" | Did you mean \"probability\"?"));
  EXPECT_THAT(complaint("throttle,code=NotFound"),
              HasSubstr("a fault of kind throttle has no member \"code\""));
  EXPECT_THAT(complaint("throttle,probability=2"),
              HasSubstr("\"probability\" is a number from 0 to 1, not \"2\""));
  EXPECT_THAT(complaint("throttle,rate=0"), HasSubstr("\"rate\" is a number above 0"));
  EXPECT_THAT(complaint("throttle,count=0"), HasSubstr("\"count\" is a whole number from 1"));
  EXPECT_THAT(complaint("throttle,after=-1"), HasSubstr("\"after\" is a whole number"));
  EXPECT_THAT(complaint("throttle,count"), HasSubstr("\"count\" is not NAME=VALUE"));
  EXPECT_THAT(complaint("fail"), HasSubstr("\"code\" is missing | It is one of: NotUpdatable, "));
  EXPECT_THAT(complaint("fail,code=NotFund"), HasSubstr("Did you mean \"NotFound\"?"));
  EXPECT_THAT(complaint("error,exception=Trottling"), HasSubstr("Did you mean \"ThrottlingException\"?"));
  EXPECT_THAT(complaint("slow"), HasSubstr("\"milliseconds\" is missing"));
  EXPECT_THAT(complaint("slow,milliseconds=9-3"), HasSubstr("not \"9-3\""));
  EXPECT_THAT(complaint("stuck,operation=read"),
              HasSubstr("does not strike GetResource | Its operation is one or "
                        "several of: create, update, delete."));
  EXPECT_THAT(complaint("throttle,operation=make"), HasSubstr("\"make\" is no operation of a fault"));
  EXPECT_THAT(complaint("edit"), HasSubstr("\"set\" is missing"));
  EXPECT_THAT(complaint("stop,at=noon"), HasSubstr("It is one of: after-commit, before-commit."));
  EXPECT_THAT(complaint(R"([{"kind":"stuck"},{"kind":"throttle","type":7}])"),
              HasSubstr("fault 2: \"type\" is a text, not 7"));
  EXPECT_THAT(complaint(R"({"faults":{}})"), HasSubstr("\"faults\" is no list"));
  EXPECT_THAT(complaint(R"({"falts":[]})"), HasSubstr("no member \"falts\""));
}

TEST(FaultDescription, SaysTheSameInEachForm) {
  const auto sources = systemSources();
  const auto flag =
      faultsFromFlag("slow,milliseconds=100-900,operation=create|update,type=AWS::IVS::*,seed=7", sources);
  const auto json =
      faultsFromFlag(R"({"faults":[{"kind":"slow","milliseconds":"100-900","seed":7,"type":"AWS::IVS::*",
                                       "operation":["CreateResource","update"]}]})",
                     sources);
  ASSERT_EQ(flag.size(), 1);
  EXPECT_EQ(described(flag[0]), described(json.at(0)));
  EXPECT_EQ(described(flag[0]), described(faultsFrom(described(flag[0]), sources).at(0)));
}

TEST(FaultDescription, OfEveryKindIsReadAsItWasWritten) {
  for (const auto* one :
       {"throttle,rate=25", "throttle,probability=0.25",
        "error,exception=HandlerFailureException,message=Why", "lose-request,after=3", "lose-answer,count=2",
        "stop,at=before-commit", R"({"kind":"edit","set":{"Name":"x"}})", "delete,identifier=a*",
        "fail,code=ServiceTimeout", "create-failed,account=123456789012", "slow,milliseconds=5",
        "stuck,region=eu-west-1", "stale,milliseconds=1-2"}) {
    const auto first = described(faultsFromFlag(one, systemSources()).at(0));
    EXPECT_EQ(first, described(faultsFrom(first, systemSources()).at(0))) << one;
  }
}

TEST(Glob, TakesStarsAndQuestionMarks) {
  EXPECT_TRUE(globMatches("AWS::IVS::*", channel));
  EXPECT_TRUE(globMatches("*::*nel", channel));
  EXPECT_TRUE(globMatches("AWS::IV?::Channel", channel));
  EXPECT_TRUE(globMatches("", ""));
  EXPECT_TRUE(globMatches("**", ""));
  EXPECT_FALSE(globMatches("AWS::IVS", channel));
  EXPECT_FALSE(globMatches("*::Stage", channel));
  EXPECT_FALSE(globMatches("?", ""));
}

TEST(Faults, StrikeByTypeOperationIdentifierAccountAndRegion) {
  Faulty by("error,exception=NotStabilized,type=AWS::IVS::*,operation=read|delete,identifier=arn:*:b?");
  EXPECT_EQ(by.meets("GetResource", body(channel, "arn:x:b1")), "NotStabilizedException");
  EXPECT_EQ(by.meets("DeleteResource", body(channel, "arn:x:b1")), "NotStabilizedException");
  EXPECT_EQ(by.meets("UpdateResource", body(channel, "arn:x:b1")), "");
  EXPECT_EQ(by.meets("GetResource", body(channel, "arn:x:c1")), "");
  EXPECT_EQ(by.meets("GetResource", body(logGroup, "arn:x:b1")), "");
  EXPECT_EQ(Faulty("error,exception=NotStabilized,region=eu-west-1").meets("GetResource"),
            "NotStabilizedException");
  EXPECT_EQ(Faulty("error,exception=NotStabilized,region=us-east-1").meets("GetResource"), "");
  EXPECT_EQ(Faulty("error,exception=NotStabilized,account=210987654321").meets("GetResource"), "");
}

TEST(Faults, LetTheFirstPassAndStrikeAsOftenAsTold) {
  Faulty some("throttle,after=3,count=2,operation=read");
  EXPECT_EQ(some.meets("ListResources", body(channel)), "");
  EXPECT_EQ(some.pattern(8), "...xx...");
  const auto told = some.faults.list().at(0);
  EXPECT_EQ(told.at("matched"), 8);
  EXPECT_EQ(told.at("struck"), 2);
}

TEST(Faults, WithTheSameSeedStrikeTheSameRequests) {
  const std::string flag = "lose-answer,probability=0.4,seed=";
  const auto first = Faulty(flag + "11").pattern(200);
  EXPECT_EQ(Faulty(flag + "11").pattern(200), first);
  EXPECT_NE(Faulty(flag + "12").pattern(200), first);
  const auto struck = std::ranges::count(first, 'x');
  EXPECT_GT(struck, 50);
  EXPECT_LT(struck, 110);
}

TEST(Faults, DrawWithoutRegardToRequestsOfOthers) {
  Faulty alone("lose-answer,probability=0.4,seed=11,type=AWS::IVS::*");
  Faulty among("lose-answer,probability=0.4,seed=11,type=AWS::IVS::*");
  std::string out;
  for (int i = 0; i < 100; ++i) {
    among.pattern(i % 3, logGroup);
    out += among.pattern(1);
  }
  EXPECT_EQ(out, alone.pattern(100));
}

TEST(Faults, ThrottleByRateAsTheClockGoes) {
  Faulty quota("throttle,rate=10,operation=read");
  EXPECT_EQ(quota.pattern(4), "..xx");
  EXPECT_EQ(quota.meets("ListResources", body(channel)), "");
  quota.cloud.pass(milliseconds(100));
  EXPECT_EQ(quota.pattern(2), ".x");
}

TEST(Faults, AnswerWithAnyExceptionAndItsStatus) {
  const auto status = [](const std::string& exception) {
    Faulty by("error,exception=" + exception);
    return by.faults.meet(by.cloud.caller, "GetResource", "{}").error->status();
  };
  EXPECT_EQ(status("HandlerFailureException"), 500);
  EXPECT_EQ(status("HandlerFailure"), 500);
  EXPECT_EQ(status("ServiceUnavailable"), 503);
  EXPECT_EQ(status("TypeNotFound"), 400);
}

TEST(Faults, ThatEndARequestLeaveTheRestUnasked) {
  Faulty two(R"([{"kind":"lose-request","count":1},{"kind":"throttle"}])");
  EXPECT_EQ(two.pattern(3), "xxx");
  EXPECT_EQ(two.faults.list().at(0).at("struck"), 1);
  EXPECT_EQ(two.faults.list().at(1).at("matched"), 2);
}

TEST(Faults, FailAnOperationThatWasAcceptedAndReplayThatUnderItsToken) {
  Faulty by("fail,code=ServiceLimitExceeded,message=No more of them,count=1");
  const Json asked = {
      {"TypeName", logGroup}, {"DesiredState", R"({"LogGroupName":"X"})"}, {"ClientToken", "t"}};
  const auto failed = by.cloud.event("CreateResource", asked);
  EXPECT_EQ(failed.at("OperationStatus"), "FAILED");
  EXPECT_EQ(failed.at("ErrorCode"), "ServiceLimitExceeded");
  EXPECT_EQ(failed.at("StatusMessage"), "No more of them");
  EXPECT_EQ(by.cloud.list(logGroup).size(), 0);
  EXPECT_EQ(by.cloud.event("CreateResource", asked), failed) << "though the fault strikes no more";
  auto anew = asked;
  anew["ClientToken"] = "u";
  EXPECT_EQ(by.cloud.event("CreateResource", anew).at("OperationStatus"), "SUCCESS");
}

TEST(Faults, FailUpdatesAndDeletesThatThenHaveDoneNothing) {
  Faulty by("fail,code=InternalFailure,operation=update|delete", milliseconds(1000));
  by.cloud.create(logGroup, {{"LogGroupName", "X"}});
  by.cloud.pass(milliseconds(1000));
  const auto update = by.cloud.event(
      "UpdateResource", {{"TypeName", logGroup},
                         {"Identifier", "X"},
                         {"PatchDocument", R"([{"op":"add","path":"/RetentionInDays","value":7}])"}});
  EXPECT_EQ(update.at("OperationStatus"), "PENDING") << "it fails when it is due, not before";
  by.cloud.pass(milliseconds(1000));
  EXPECT_EQ(by.cloud.status(update).at("ErrorCode"), "InternalFailure");
  EXPECT_FALSE(by.cloud.read(logGroup, "X").contains("RetentionInDays"));
  const auto removal = by.cloud.event("DeleteResource", body(logGroup, "X"));
  by.cloud.pass(milliseconds(1000));
  EXPECT_EQ(by.cloud.status(removal).at("OperationStatus"), "FAILED");
  EXPECT_EQ(by.cloud.list(logGroup).size(), 1);
}

TEST(Faults, LeaveACreateHalfwayInStateCreateFailed) {
  Faulty by("create-failed,type=AWS::IVS::*", milliseconds(1000));
  auto event = by.cloud.create(recording, {{"DestinationConfiguration", {{"S3", {{"BucketName", "abc"}}}}}});
  by.cloud.pass(milliseconds(500));
  const auto identifier = by.cloud.status(event).at("Identifier").get<std::string>();
  EXPECT_EQ(by.cloud.read(recording, identifier).at("State"), "CREATING");
  by.cloud.pass(milliseconds(500));
  event = by.cloud.status(event);
  EXPECT_EQ(event.at("OperationStatus"), "FAILED");
  EXPECT_EQ(event.at("ErrorCode"), "NotStabilized");
  EXPECT_EQ(event.at("Identifier"), identifier);
  EXPECT_EQ(by.cloud.read(recording, identifier).at("State"), "CREATE_FAILED");
  by.cloud.call("DeleteResource", body(recording, identifier));
  by.cloud.pass(milliseconds(1000));
  EXPECT_EQ(by.cloud.list(recording).size(), 0);
}

TEST(Faults, LeaveATakenNameAlone) {
  Faulty by("create-failed,after=1");
  by.cloud.create(logGroup, {{"LogGroupName", "X"}, {"RetentionInDays", 7}});
  const auto event = by.cloud.create(logGroup, {{"LogGroupName", "X"}});
  EXPECT_EQ(event.at("ErrorCode"), "AlreadyExists");
  EXPECT_EQ(by.cloud.read(logGroup, "X").at("RetentionInDays"), 7);
}

TEST(Faults, MakeOperationsLastWithinARange) {
  Faulty by("slow,milliseconds=1000-2000,seed=3,operation=create");
  std::set<double> ends;
  for (int i = 0; i < 20; ++i)
    ends.insert(by.cloud.create(channel, Json::object()).at("RetryAfter").get<double>());
  EXPECT_GT(ends.size(), 15);
  EXPECT_GE(*ends.begin(), 1'800'000'001.0);
  EXPECT_LE(*ends.rbegin(), 1'800'000'002.0);
  by.cloud.pass(milliseconds(2000));
  EXPECT_EQ(by.cloud.list(channel).size(), 20);
  const auto deletion =
      by.cloud.event("DeleteResource", body(channel, by.cloud.list(channel)[0].at("Identifier")));
  EXPECT_EQ(deletion.at("OperationStatus"), "SUCCESS");
}

TEST(Faults, HoldAnswersToReadsBack) {
  Faulty by("slow,milliseconds=300,operation=read|list");
  EXPECT_EQ(by.faults.meet(by.cloud.caller, "GetResource", "{}").delay, milliseconds(300));
  EXPECT_EQ(by.faults.meet(by.cloud.caller, "CreateResource", "{}").delay, milliseconds(0));
}

TEST(Faults, LetAnOperationNeverEndUnlessItIsCancelled) {
  Faulty by("stuck,type=AWS::IVS::*", milliseconds(1000));
  const auto event = by.cloud.create(channel, Json::object());
  EXPECT_FALSE(event.contains("RetryAfter")) << "nobody knows";
  by.cloud.pass(std::chrono::hours(24 * 6));
  EXPECT_EQ(by.cloud.status(event).at("OperationStatus"), "IN_PROGRESS");
  by.cloud.call("CancelResourceRequest", {{"RequestToken", event.at("RequestToken")}});
  by.cloud.pass(milliseconds(1000));
  EXPECT_EQ(by.cloud.status(event).at("OperationStatus"), "CANCEL_COMPLETE");
}

TEST(StaleReads, MissWhatWasCreatedForAWhile) {
  Faulty by("stale,milliseconds=5000,operation=create");
  EXPECT_EQ(by.cloud.create(logGroup, {{"LogGroupName", "X"}}).at("OperationStatus"), "SUCCESS");
  EXPECT_THAT(by.cloud.refusal("GetResource", body(logGroup, "X")), HasSubstr("ResourceNotFoundException"));
  EXPECT_EQ(by.cloud.list(logGroup).size(), 0);
  by.cloud.pass(milliseconds(4999));
  EXPECT_EQ(by.cloud.list(logGroup).size(), 0);
  by.cloud.pass(milliseconds(1));
  EXPECT_EQ(by.cloud.list(logGroup).size(), 1);
  EXPECT_EQ(by.cloud.read(logGroup, "X").at("LogGroupName"), "X");
}

TEST(StaleReads, ShowOldValuesAfterAnUpdateAndWhatIsDeleted) {
  Faulty by("stale,milliseconds=5000,operation=update|delete");
  for (const auto* name : {"A", "X", "Z"}) by.cloud.create(logGroup, {{"LogGroupName", name}});
  by.cloud.call("UpdateResource",
                {{"TypeName", logGroup},
                 {"Identifier", "X"},
                 {"PatchDocument", R"([{"op":"add","path":"/RetentionInDays","value":7}])"}});
  EXPECT_FALSE(by.cloud.read(logGroup, "X").contains("RetentionInDays"));
  by.cloud.pass(milliseconds(5000));
  EXPECT_EQ(by.cloud.read(logGroup, "X").at("RetentionInDays"), 7);
  by.cloud.call("DeleteResource", body(logGroup, "X"));
  EXPECT_EQ(by.cloud.read(logGroup, "X").at("RetentionInDays"), 7);
  const auto listed = by.cloud.list(logGroup);
  ASSERT_EQ(listed.size(), 3);
  EXPECT_EQ(listed[1].at("Identifier"), "X") << "where it was";
  by.cloud.pass(milliseconds(5000));
  EXPECT_EQ(by.cloud.list(logGroup).size(), 2);
  EXPECT_THAT(by.cloud.refusal("GetResource", body(logGroup, "X")), HasSubstr("ResourceNotFoundException"));
}

TEST(StaleReads, ArePagedLikeOthers) {
  Faulty by("stale,milliseconds=5000,operation=delete");
  std::vector<std::string> names;
  for (int i = 0; i < 9; ++i) names.push_back("n" + std::to_string(i));
  for (const auto& one : names) by.cloud.create(logGroup, {{"LogGroupName", one}});
  for (const auto* one : {"n1", "n4", "n8"}) by.cloud.call("DeleteResource", body(logGroup, one));
  std::vector<std::string> seen;
  Json asked = {{"TypeName", logGroup}, {"MaxResults", 2}};
  for (bool more = true; more;) {
    const auto page = by.cloud.call("ListResources", asked);
    for (const auto& one : page.at("ResourceDescriptions")) seen.push_back(one.at("Identifier"));
    more = page.contains("NextToken");
    if (more) asked["NextToken"] = page.at("NextToken");
  }
  EXPECT_EQ(seen, names);
}

TEST(Console, EditsAndDeletesWithoutARequest) {
  InProcess cloud;
  cloud.create(logGroup, {{"LogGroupName", "X"}});
  auto console = cloud.console();
  const cloudcontrol::ResourceKey key{cloud.caller, logGroup, "X"};
  console.edit(key, {{"RetentionInDays", 7}});
  EXPECT_EQ(cloud.read(logGroup, "X").at("RetentionInDays"), 7);
  console.edit(key, {{"RetentionInDays", nullptr}});
  EXPECT_FALSE(cloud.read(logGroup, "X").contains("RetentionInDays"));
  EXPECT_THROW(console.edit(key, {{"RetentionInDays", "seven"}}), cloudcontrol::ApiError);
  EXPECT_THROW(console.edit(key, {{"LogGroupName", "Y"}}), cloudcontrol::HandlerFailure);
  console.remove(key);
  EXPECT_EQ(cloud.list(logGroup).size(), 0);
  EXPECT_THROW(console.remove(key), cloudcontrol::HandlerFailure);
  EXPECT_EQ(cloud.call("ListResourceRequests", Json::object()).at("ResourceRequestStatusSummaries").size(),
            1);
}

}  // namespace
}  // namespace athanor::local::test
