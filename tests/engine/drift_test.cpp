#include "engine/drift.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/reference.h"
#include "engine/scenario.h"

namespace athanor {
namespace {

using engine::DriftReport;
using engine::Finding;
using engine::Host;
using test::declare;
using test::output;
using test::Scenario;
using testing::ElementsAre;
using testing::HasSubstr;
using Body = test::ScriptedProgram::Body;
using State = Finding::State;

constexpr auto configurationType = "AWS::IVS::RecordingConfiguration";
constexpr auto channelType = "AWS::IVS::Channel";
constexpr auto keyPairType = "AWS::IVS::PlaybackKeyPair";
constexpr auto queueType = "AWS::SQS::Queue";

Json tags(const std::string& value) { return Json::array({{{"Key", "team"}, {"Value", value}}}); }

Task<> recordedChannel(Host* host, std::string name) {
  Json props = {{"DestinationConfiguration", {{"S3", {{"BucketName", "my-bucket"}}}}},
                {"Tags", tags("video")}};
  auto recording = co_await declare(host, configurationType, "recording", std::move(props));
  Json channel = {{"Name", std::move(name)}, {"RecordingConfigurationArn", output(recording, "/Arn")}};
  (void)co_await declare(host, channelType, "channel", std::move(channel));
}
const Body program = [](Host* host) { return recordedChannel(host, "live"); };

const Body oneQueue = [](Host* host) -> Task<> {
  Json props = {{"QueueName", "q"}, {"VisibilityTimeout", 30}};
  (void)co_await declare(host, queueType, "queue", std::move(props));
};

/// The live model of a recorded resource, for somebody else to change.
Json& live(Scenario& s, const std::string& id) {
  return s.cloud.resources.at(s.recorded(id).identifier).properties;
}

std::string states(const DriftReport& report) {
  std::string out;
  for (const auto& one : report.findings)
    out += (out.empty() ? "" : ", ") + one.resource.id + " " + engine::name(one.state);
  return out;
}

TEST(Drift, IsNoneRightAfterADeployment) {
  Scenario s;
  (void)s.deploy(program);
  const auto report = s.drift();
  EXPECT_EQ(states(report), "recording inSync, channel inSync");
  EXPECT_FALSE(report.drifted());
}

TEST(Drift, TellsWhatChangedFromWhatIsRecordedToWhatIsLive) {
  Scenario s;
  (void)s.deploy(program);
  live(s, "channel")["Name"] = "dead";
  const auto report = s.drift();
  ASSERT_EQ(states(report), "recording inSync, channel changed");
  const auto& changes = report.findings[1].changes;
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].pointer, "/Name");
  EXPECT_EQ(changes[0].recorded, "live");
  EXPECT_EQ(changes[0].live, "dead");
  EXPECT_TRUE(report.drifted());
}

TEST(Drift, TellsWhatIsGone) {
  Scenario s;
  (void)s.deploy(program);
  s.cloud.resources.erase(s.recorded("channel").identifier);
  EXPECT_EQ(states(s.drift()), "recording inSync, channel gone");
}

TEST(Drift, SaysWhyAResourceIsNotComparable) {
  Scenario s;
  const Body body = [](Host* host) -> Task<> {
    Json props = {{"PublicKeyMaterial", "key"}};
    (void)co_await declare(host, keyPairType, "key", std::move(props));
    co_await recordedChannel(host, "live");
  };
  (void)s.deploy(body);
  live(s, "key").erase("PublicKeyMaterial");
  s.cloud.unreadable[channelType] = "not authorised to perform ivs:GetChannel";
  const auto report = s.drift();
  EXPECT_EQ(states(report), "key notComparable, recording inSync, channel notComparable");
  EXPECT_EQ(report.findings[0].reason, "everything it was made with is write-only");
  EXPECT_EQ(report.findings[2].reason, "not authorised to perform ivs:GetChannel");
  EXPECT_FALSE(report.drifted());
}

TEST(Drift, OfWhatIsLeftOfAFailedCreationIsNotComparable) {
  Scenario s;
  s.cloud.failing[channelType] = "InvalidRequest";
  s.cloud.leavesRemnants = true;
  (void)s.deploy(program);
  EXPECT_EQ(states(s.drift()), "recording inSync, channel notComparable");
}

TEST(Drift, IsNotFoundOutWhereNothingAnswers) {
  Scenario s;
  (void)s.deploy(program);
  s.cloud.unreachable = true;
  EXPECT_THROW((void)s.drift(), Error);
}

TEST(Drift, OfAnotherTargetIsRefused) {
  Scenario s;
  (void)s.deploy(program);
  s.cloud.where.region = "eu-west-1";
  try {
    (void)s.drift();
    FAIL() << "it was not refused";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::refused);
    EXPECT_THAT(error.what(), HasSubstr("eu-west-1"));
  }
}

TEST(Drift, OfAnAppThatIsNotThereSaysSo) {
  Scenario s;
  EXPECT_THROW((void)s.drift(), Error);
}

TEST(Drift, HidesValuesThatRestSealed) {
  Scenario s;
  (void)s.deploy(oneQueue);
  const state::Write put = state::Put{s.recorded("queue"), {"/VisibilityTimeout"}};
  s.store().lock(s.settings.scope, "test")->commit({&put, 1});
  live(s, "queue")["VisibilityTimeout"] = 31;
  const auto report = s.drift();
  ASSERT_EQ(states(report), "queue changed");
  EXPECT_TRUE(report.findings[0].changes[0].sensitive);
  (void)s.drift(true);
  const auto sealed = s.store().resources(s.settings.scope, state::Secrets::sealed);
  EXPECT_FALSE(sealed[0].resolved()["VisibilityTimeout"].is_number()) << "what was sealed stays sealed";
}

TEST(Drift, IsRepairedByADeploymentWhosePlanShowsIt) {
  Scenario s;
  (void)s.deploy(program);
  live(s, "channel")["Name"] = "dead";
  const auto plan = s.plan(program);
  ASSERT_EQ(Scenario::steps(plan), "update channel");
  ASSERT_EQ(plan.steps[1].changes.size(), 1U);
  EXPECT_TRUE(plan.steps[1].changes[0].drift);
  EXPECT_EQ(plan.steps[1].changes[0].before, "dead");
  EXPECT_EQ(plan.steps[1].changes[0].after, "live");
  EXPECT_TRUE(s.deploy(program).ok());
  EXPECT_EQ(live(s, "channel")["Name"], "live");
  EXPECT_FALSE(s.drift().drifted());
}

TEST(Drift, OfSomethingGoneIsPlannedAsACreate) {
  Scenario s;
  (void)s.deploy(program);
  s.cloud.resources.erase(s.recorded("channel").identifier);
  const auto plan = s.plan(program);
  ASSERT_EQ(Scenario::steps(plan), "create channel");
  EXPECT_THAT(plan.steps[1].reasons, ElementsAre("it no longer exists"));
  EXPECT_TRUE(s.deploy(program).ok());
  EXPECT_EQ(states(s.drift()), "recording inSync, channel inSync");
}

TEST(Drift, ThatIsAcceptedIsRecordedAndThePlanShowsItAsTheProgramsChange) {
  Scenario s;
  (void)s.deploy(program);
  live(s, "channel")["Name"] = "dead";
  (void)s.drift(true);
  EXPECT_EQ(s.recorded("channel").resolved()["Name"], "dead");
  EXPECT_EQ(s.recorded("channel").outputs["Name"], "dead");
  EXPECT_FALSE(s.drift().drifted());
  const auto plan = s.plan(program);
  ASSERT_EQ(Scenario::steps(plan), "update channel");
  EXPECT_FALSE(plan.steps[1].changes[0].drift);
  EXPECT_EQ(plan.steps[1].changes[0].before, "dead");
  const Body asLive = [](Host* host) { return recordedChannel(host, "dead"); };
  EXPECT_EQ(Scenario::steps(s.plan(asLive)), "") << "a program that says the same has nothing to do";
}

TEST(Drift, ThatIsAcceptedTakesThePlaceOfAReference) {
  Scenario s;
  (void)s.deploy(program);
  ASSERT_TRUE(hasUnknown(s.recorded("channel").props));
  live(s, "channel")["RecordingConfigurationArn"] = "arn:aws:ivs:us-east-1:123456789012:other/1";
  (void)s.drift(true);
  EXPECT_EQ(s.recorded("channel").props["RecordingConfigurationArn"],
            "arn:aws:ivs:us-east-1:123456789012:other/1");
  EXPECT_EQ(Scenario::steps(s.plan(program)), "update channel");
  EXPECT_TRUE(s.deploy(program).ok());
  EXPECT_EQ(live(s, "channel")["RecordingConfigurationArn"], s.recorded("recording").identifier);
}

TEST(Drift, ThatIsAcceptedForgetsWhatIsGone) {
  Scenario s;
  (void)s.deploy(program);
  s.cloud.resources.erase(s.recorded("channel").identifier);
  (void)s.drift(true);
  EXPECT_EQ(s.records().size(), 1U);
  EXPECT_EQ(Scenario::steps(s.plan(program)), "create channel");
}

TEST(Drift, ThatIsAcceptedAsksNothingOfTheCloud) {
  Scenario s;
  (void)s.deploy(program);
  live(s, "channel")["Name"] = "dead";
  const auto asked = s.cloud.log.size();
  (void)s.drift(true);
  EXPECT_EQ(s.cloud.log.size(), asked);
}

TEST(Drift, IsAcceptedOnlyWithTheLock) {
  Scenario s;
  (void)s.deploy(program);
  const auto held = s.store().lock(s.settings.scope, "deploy");
  EXPECT_THROW((void)s.drift(true), Error);
  EXPECT_FALSE(s.drift().drifted()) << "looking needs no lock";
}

TEST(Drift, IsAcceptedAfterWhatAnInterruptedDeploymentLeftIsFinished) {
  Scenario s;
  s.cloud.loseNextAnswer = true;
  (void)s.deploy(oneQueue);
  ASSERT_EQ(s.openEntries(), 1U);
  const auto report = s.drift(true);
  EXPECT_EQ(states(report), "queue inSync");
  EXPECT_EQ(s.openEntries(), 0U);
}

TEST(Drift, IsNoneWhereTheServiceHasAlwaysAnsweredSo) {
  Scenario s;
  (void)s.deploy(oneQueue);
  auto resource = s.recorded("queue");
  resource.outputs["VisibilityTimeout"] = live(s, "queue")["VisibilityTimeout"] = 29;
  const state::Write put = state::Put{resource};
  s.store().lock(s.settings.scope, "test")->commit({&put, 1});
  EXPECT_FALSE(s.drift().drifted());
  EXPECT_EQ(Scenario::steps(s.plan(oneQueue)), "");
  live(s, "queue")["VisibilityTimeout"] = 28;
  EXPECT_TRUE(s.drift().drifted());
  EXPECT_EQ(Scenario::steps(s.plan(oneQueue)), "update queue");
}

TEST(Drift, OfTagsThatOthersSetIsNoneForThePlanEither) {
  Scenario s;
  (void)s.deploy(program);
  auto& model = live(s, "recording");
  model["Tags"].push_back({{"Key", "cost-centre"}, {"Value", "7"}});
  EXPECT_FALSE(s.drift().drifted());
  EXPECT_EQ(Scenario::steps(s.plan(program)), "");
}

}  // namespace
}  // namespace athanor
