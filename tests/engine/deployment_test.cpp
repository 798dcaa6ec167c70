#include "engine/deployment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/reference.h"
#include "engine/scenario.h"

namespace athanor {
namespace {

using namespace std::chrono_literals;
using engine::Host;
using test::declare;
using test::output;
using test::Scenario;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;
using Body = test::ScriptedProgram::Body;

constexpr auto configurationType = "AWS::IVS::RecordingConfiguration";
constexpr auto channelType = "AWS::IVS::Channel";

Json configuration(const std::string& bucket, int window = 30) {
  return {{"DestinationConfiguration", {{"S3", {{"BucketName", bucket}}}}},
          {"RecordingReconnectWindowSeconds", window}};
}

Body oneConfiguration(int window = 30, Json tags = Json::array()) {
  return [=](Host* host) -> Task<> {
    auto props = configuration("my-bucket", window);
    if (!tags.empty()) props["Tags"] = tags;
    (void)co_await declare(host, configurationType, "recording", props);
  };
}

Task<> channelOn(Host* host, int window) {
  auto recording = co_await declare(host, configurationType, "recording", configuration("my-bucket", window));
  Json props = {{"Name", "live"}, {"RecordingConfigurationArn", output(recording, "/Arn")}};
  (void)co_await declare(host, channelType, "channel", std::move(props));
}
Body channelWithRecording(int window = 30) {
  return [window](Host* host) { return channelOn(host, window); };
}

Task<> severalConfigurations(Host* host, int count) {
  for (int i = 0; i < count; ++i)
    (void)co_await declare(host, configurationType, "r" + std::to_string(i),
                           configuration("bucket-" + std::to_string(i)));
}
Body several(int count) {
  return [count](Host* host) { return severalConfigurations(host, count); };
}

const Body nothing = [](Host*) -> Task<> { co_return; };

TEST(Deployment, CreatesWhatIsDeclaredAndRecordsItsOutputs) {
  Scenario s;
  const auto result = s.deploy(oneConfiguration());
  EXPECT_TRUE(result.ok());
  EXPECT_EQ(result.done.create, 1U);
  const auto recorded = s.recorded("recording");
  EXPECT_EQ(recorded.outputs["Arn"], recorded.identifier);
  EXPECT_EQ(s.openEntries(), 0U);
}

TEST(Deployment, OfAnUnchangedProgramKeepsEverythingAndAsksForNothing) {
  Scenario s;
  (void)s.deploy(channelWithRecording());
  const auto asked = s.cloud.log.size();
  EXPECT_EQ(Scenario::steps(s.plan(channelWithRecording())), "");
  const auto result = s.deploy(channelWithRecording());
  EXPECT_EQ(result.done.keep, 2U);
  EXPECT_EQ(s.cloud.log.size(), asked);
}

TEST(Deployment, UpdatesWhatCanBeChangedInPlace) {
  Scenario s;
  (void)s.deploy(oneConfiguration());
  const auto tagged = oneConfiguration(30, {{{"Key", "team"}, {"Value", "video"}}});
  EXPECT_EQ(Scenario::steps(s.plan(tagged)), "update recording");
  EXPECT_EQ(s.deploy(tagged).done.update, 1U);
  EXPECT_EQ(s.cloud.count(configurationType), 1U);
}

TEST(Deployment, ReplacesForACreateOnlyChangeAndNamesTheProperty) {
  Scenario s;
  (void)s.deploy(oneConfiguration(30));
  const auto plan = s.plan(oneConfiguration(45));
  ASSERT_EQ(Scenario::steps(plan), "replace recording");
  EXPECT_THAT(plan.steps[0].reasons,
              ElementsAre("recordingReconnectWindowSeconds cannot be changed in place"));
  EXPECT_TRUE(s.deploy(oneConfiguration(45)).ok());
  EXPECT_EQ(s.cloud.count(configurationType), 1U);
  EXPECT_EQ(s.recorded("recording").generation, 2);
}

TEST(Deployment, MovesWhatRefersToAReplacedResourceBeforeDeletingTheOldOne) {
  Scenario s;
  (void)s.deploy(channelWithRecording(30));
  const auto old = s.recorded("recording").identifier;
  EXPECT_EQ(Scenario::steps(s.plan(channelWithRecording(45))), "replace recording, update channel");
  ASSERT_TRUE(s.deploy(channelWithRecording(45)).ok());
  EXPECT_EQ(s.recorded("channel").outputs["RecordingConfigurationArn"], s.recorded("recording").identifier);
  EXPECT_EQ(s.cloud.log.back(), "delete " + old);
}

TEST(Deployment, DeletesWhatIsNoLongerDeclared) {
  Scenario s;
  (void)s.deploy(several(2));
  EXPECT_EQ(Scenario::steps(s.plan(several(1))), "delete r1");
  EXPECT_EQ(s.deploy(several(1)).done.remove, 1U);
  EXPECT_EQ(s.cloud.count(configurationType), 1U);
}

TEST(Deployment, DeletesTheOldResourceWhenItsIdChangesType) {
  Scenario s;
  (void)s.deploy(oneConfiguration());
  const Body changed = [](Host* host) -> Task<> {
    (void)co_await declare(host, channelType, "recording", {{"Name", "live"}});
  };
  ASSERT_TRUE(s.deploy(changed).ok());
  EXPECT_EQ(s.cloud.count(configurationType), 0U);
  EXPECT_EQ(s.cloud.count(channelType), 1U);
}

TEST(Deployment, RunsIndependentResourcesAtOnceThoughTheProgramAwaitsOneAfterTheOther) {
  Scenario s;
  s.cloud.latency = 1h;
  const auto before = s.loop.elapsed();
  ASSERT_TRUE(s.deploy(several(4)).ok());
  EXPECT_LT(s.loop.elapsed() - before, 2h);
}

TEST(Deployment, RunsNoMoreStepsAtOnceThanAllowed) {
  Scenario s;
  s.cloud.latency = 1h;
  s.settings.parallel = 2;
  const auto before = s.loop.elapsed();
  ASSERT_TRUE(s.deploy(several(4)).ok());
  EXPECT_GE(s.loop.elapsed() - before, 2h);
}

TEST(Deployment, CreatesADependentAfterWhatItRefersTo) {
  Scenario s;
  ASSERT_TRUE(s.deploy(channelWithRecording()).ok());
  ASSERT_EQ(s.cloud.spans.size(), 2U);
  EXPECT_GE(s.cloud.spans[1].begin, s.cloud.spans[0].end);
  EXPECT_THAT(s.recorded("channel").dependsOn, ElementsAre("recording"));
}

TEST(Destroy, DeletesDependentsFirstAlsoAfterUnchangedDeployments) {
  Scenario s;
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(s.deploy(channelWithRecording()).ok());
  const auto channel = s.recorded("channel").identifier, recording = s.recorded("recording").identifier;
  s.cloud.log.clear();
  EXPECT_TRUE(s.destroy().ok());
  EXPECT_THAT(s.cloud.log, ElementsAre("delete " + channel, "delete " + recording));
  EXPECT_TRUE(s.records().empty());
}

Task<> channelNamedAfterAnother(Host* host) {
  auto first = co_await declare(host, channelType, "first", {{"Name", "front"}});
  (void)co_await declare(host, channelType, "second", {{"Name", output(first, "/Name")}});
}

TEST(References, AreKeptInTheStateAndOrderADestroyHoweverOftenNothingChanged) {
  Scenario s;
  for (int i = 0; i < 3; ++i)
    ASSERT_TRUE(s.deploy([](Host* host) { return channelNamedAfterAnother(host); }).ok());
  EXPECT_EQ(s.recorded("second").props["Name"], refer({"first", "/Name"}));
  EXPECT_EQ(s.recorded("second").resolved()["Name"], "front");
  EXPECT_THAT(s.recorded("second").dependsOn, ElementsAre("first"));
  const auto first = s.recorded("first").identifier, second = s.recorded("second").identifier;
  s.cloud.log.clear();
  ASSERT_TRUE(s.destroy().ok());
  EXPECT_THAT(s.cloud.log, ElementsAre("delete " + second, "delete " + first));
}

TEST(Destroy, OfIndependentResourcesRunsInParallel) {
  Scenario s;
  (void)s.deploy(several(5));
  s.cloud.latency = 1h;
  const auto before = s.loop.elapsed();
  EXPECT_EQ(s.destroy().done.remove, 5U);
  EXPECT_LT(s.loop.elapsed() - before, 2h);
}

TEST(Destroy, SaysWhatIsLeftWhenADeleteFailsAndKeepsWhatItWasBuiltOn) {
  Scenario s;
  (void)s.deploy(channelWithRecording());
  s.cloud.failing[s.recorded("channel").identifier] = "ResourceConflict";
  const auto result = s.destroy();
  EXPECT_FALSE(result.ok());
  EXPECT_EQ(result.left.size(), 2U);
  EXPECT_EQ(s.cloud.count(configurationType), 1U);
  s.cloud.failing.clear();
  EXPECT_TRUE(s.destroy().ok());
}

TEST(FailedStep, RejectsItsAwaitLetsTheRestFinishAndDeletesNothing) {
  Scenario s;
  (void)s.deploy([](Host* host) -> Task<> {
    (void)co_await declare(host, configurationType, "old", configuration("old-bucket"));
  });
  s.cloud.failing["bad"] = "AccessDenied";
  const auto result = s.deploy([](Host* host) -> Task<> {
    (void)co_await declare(host, channelType, "bad", {{"Name", "bad"}});
    (void)co_await declare(host, channelType, "good", {{"Name", "good"}});
  });
  EXPECT_EQ(result.failed, 1U);
  ASSERT_TRUE(result.programError);
  EXPECT_THAT(result.programError->what(), HasSubstr("AccessDenied: it was told to fail"));
  EXPECT_EQ(s.cloud.count(channelType), 1U);
  EXPECT_EQ(s.cloud.count(configurationType), 1U);
}

TEST(FailedStep, KeepsItsDependentsFromRunningAndSaysWhy) {
  Scenario s;
  s.cloud.failing[configurationType] = "ServiceInternalError";
  const auto result = s.deploy([](Host* host) -> Task<> {
    try {
      (void)co_await declare(host, configurationType, "recording", configuration("bucket"));
    } catch (const Error&) {  // it goes on all the same
    }
    Options options;
    options.dependsOn = {"recording"};
    (void)co_await declare(host, channelType, "channel", {{"Name", "live"}}, options);
  });
  EXPECT_EQ(result.failed, 1U);
  EXPECT_EQ(result.notRun, 1U);
  EXPECT_THAT(s.heard.failures, testing::Contains("channel: not run because recording failed"));
  EXPECT_EQ(s.cloud.count(channelType), 0U);
}

TEST(FailedCreate, ThatLeftARemnantIsReplacedByTheNextDeployment) {
  Scenario s;
  s.cloud.failing[configurationType] = "NotStabilized";
  s.cloud.leavesRemnants = true;
  EXPECT_EQ(s.deploy(oneConfiguration()).failed, 1U);
  EXPECT_EQ(s.recorded("recording").status, Resource::Status::tainted);
  s.cloud.failing.clear();
  EXPECT_EQ(Scenario::steps(s.plan(oneConfiguration())), "replace recording");
  ASSERT_TRUE(s.deploy(oneConfiguration()).ok());
  EXPECT_EQ(s.cloud.count(configurationType), 1U);
  EXPECT_EQ(s.recorded("recording").status, Resource::Status::created);
}

TEST(FailedCreate, OfSomethingThatExistsAlreadyTakesNothingOver) {
  Scenario s;
  s.cloud.failing[configurationType] = "AlreadyExists";
  EXPECT_EQ(s.deploy(oneConfiguration()).failed, 1U);
  EXPECT_TRUE(s.records().empty());
  EXPECT_EQ(s.openEntries(), 0U);
}

TEST(LiveState, ThatIsGoneIsCreatedAgain) {
  Scenario s;
  (void)s.deploy(oneConfiguration());
  s.cloud.resources.clear();
  const auto plan = s.plan(oneConfiguration());
  ASSERT_EQ(Scenario::steps(plan), "create recording");
  EXPECT_THAT(plan.steps[0].reasons, ElementsAre("it no longer exists"));
  ASSERT_TRUE(s.deploy(oneConfiguration()).ok());
  EXPECT_EQ(s.cloud.count(configurationType), 1U);
  EXPECT_EQ(Scenario::steps(s.plan(oneConfiguration())), "");
}

TEST(LiveState, ThatWasChangedByOthersIsRepaired) {
  Scenario s;
  const auto tagged = oneConfiguration(30, {{{"Key", "team"}, {"Value", "video"}}});
  (void)s.deploy(tagged);
  s.cloud.resources.begin()->second.properties["Tags"] = {{{"Key", "team"}, {"Value", "audio"}}};
  EXPECT_EQ(Scenario::steps(s.plan(tagged)), "update recording");
  ASSERT_TRUE(s.deploy(tagged).ok());
  EXPECT_EQ(s.cloud.resources.begin()->second.properties["Tags"][0]["Value"], "video");
}

TEST(LiveState, WithDefaultsThatTheUserLeftOutIsNoChange) {
  Scenario s;
  (void)s.deploy(oneConfiguration());
  s.cloud.resources.begin()->second.properties["ThumbnailConfiguration"] = {{"RecordingMode", "INTERVAL"}};
  EXPECT_EQ(Scenario::steps(s.plan(oneConfiguration())), "");
}

TEST(LiveState, OfMoreThanAreReadAtOnceIsReadInTurn) {
  Scenario s;
  (void)s.deploy(several(200));
  s.cloud.resources.erase(s.recorded("r199").identifier);
  const auto begun = s.loop.elapsed();
  EXPECT_EQ(Scenario::steps(s.plan(several(200))), "create r199");
  EXPECT_EQ(s.loop.elapsed() - begun, 4ms) << "64 at once, each for a millisecond";
}

TEST(LiveState, IsNotReadWhenToldNotTo) {
  Scenario s;
  (void)s.deploy(oneConfiguration());
  s.cloud.resources.clear();
  s.settings.refresh = false;
  const auto plan = s.plan(oneConfiguration());
  EXPECT_EQ(Scenario::steps(plan), "");
  EXPECT_TRUE(plan.unchecked);
}

TEST(Validation, TellsEveryMistakeOfTheWholeProgramBeforeAnythingIsAsked) {
  Scenario s;
  try {
    (void)s.plan([](Host* host) -> Task<> {
      (void)co_await declare(host, configurationType, "a", {{"RecordingReconnectWindowSeconds", 500}});
      (void)co_await declare(host, "AWS::IVS::Chanel", "b", Json::object());
      (void)co_await declare(host, channelType, "a", {{"Nam", "x"}});
    });
    FAIL() << "an invalid program was planned";
  } catch (const engine::InvalidProgram& invalid) {
    EXPECT_EQ(invalid.mistakes().size(), 5U);
    EXPECT_EQ(invalid.mistakes()[0].resource(), "a");
  }
  EXPECT_TRUE(s.cloud.log.empty());
}

TEST(Validation, TellsMistakesAlsoWhereTheServiceCannotBeReached) {
  Scenario s;
  s.cloud.unreachable = true;
  EXPECT_THROW((void)s.plan([](Host* host) -> Task<> {
    (void)co_await declare(host, channelType, "a", {{"Nam", "x"}});
  }),
               engine::InvalidProgram);
  EXPECT_THROW((void)s.deploy([](Host* host) -> Task<> {
    (void)co_await declare(host, channelType, "a", {{"Nam", "x"}});
  }),
               engine::InvalidProgram);
}

TEST(Program, ThatThrowsIsToldAlsoWhereTheServiceCannotBeReached) {
  Scenario s;
  s.cloud.unreachable = true;
  try {
    (void)s.plan([](Host*) -> Task<> {
      throw Error(ErrorCode::program, "it broke");
      co_return;
    });
    FAIL() << "the program's error was lost";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "it broke");
  }
}

/// A program that counts how often it runs.
Body counting(int* runs, const Body& body) {
  return [runs, body](Host* host) {
    ++*runs;
    return body(host);
  };
}

TEST(Preview, RunsOnceWhereEverythingIsAsRecorded) {
  Scenario s;
  int runs = 0;
  const auto program = counting(&runs, channelWithRecording());
  (void)s.plan(program);
  EXPECT_EQ(runs, 1);
  (void)s.deploy(program);
  runs = 0;
  (void)s.plan(program);
  EXPECT_EQ(runs, 1);
}

TEST(Preview, RunsAgainWhereWhatIsLiveIsNotAsRecorded) {
  Scenario s;
  int runs = 0;
  const auto program = counting(&runs, channelWithRecording());
  (void)s.deploy(program);
  s.cloud.resources[s.recorded("channel").identifier].properties["Name"] = "other";
  runs = 0;
  EXPECT_EQ(Scenario::steps(s.plan(program)), "update channel");
  EXPECT_EQ(runs, 2);
}

TEST(Preview, RunsAgainWhereTheTargetThatTheProgramAskedForIsAnother) {
  Scenario s;
  int runs = 0;
  std::string region;
  (void)s.plan(
      counting(&runs, [&region](Host* host) -> Task<> { region = (co_await host->target()).endpoint; }));
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(region, "local:test");
}

TEST(Validation, RefusesDependsOnThatNamesNothingDeclaredBefore) {
  Scenario s;
  EXPECT_THROW((void)s.plan([](Host* host) -> Task<> {
    Options options;
    options.dependsOn = {"later"};
    (void)co_await declare(host, channelType, "a", {{"Name", "x"}}, options);
  }),
               engine::InvalidProgram);
}

TEST(DependsOn, OrdersWhatNothingElseConnects) {
  Scenario s;
  ASSERT_TRUE(s.deploy([](Host* host) -> Task<> {
                 (void)co_await declare(host, channelType, "first", {{"Name", "first"}});
                 Options options;
                 options.dependsOn = {"first"};
                 (void)co_await declare(host, channelType, "second", {{"Name", "second"}}, options);
               }).ok());
  EXPECT_GE(s.cloud.spans[1].begin, s.cloud.spans[0].end);
}

TEST(Options, ThatChangeAreRecordedWithoutAskingTheService) {
  Scenario s;
  (void)s.deploy(oneConfiguration());
  const auto asked = s.cloud.log.size();
  const Body protecting = [](Host* host) -> Task<> {
    Options options;
    options.protect = true;
    (void)co_await declare(host, configurationType, "recording", configuration("my-bucket"), options);
  };
  EXPECT_EQ(Scenario::steps(s.plan(protecting)), "update recording");
  ASSERT_TRUE(s.deploy(protecting).ok());
  EXPECT_TRUE(s.recorded("recording").options.protect);
  EXPECT_EQ(s.cloud.log.size(), asked);
}

TEST(Protect, RefusesAPlanThatWouldDeleteOrReplace) {
  Scenario s;
  (void)s.deploy([](Host* host) -> Task<> {
    Options options;
    options.protect = true;
    (void)co_await declare(host, configurationType, "recording", configuration("my-bucket"), options);
  });
  EXPECT_THROW((void)s.plan(nothing), Error);
  EXPECT_THROW((void)s.plan(oneConfiguration(60)), Error);
}

TEST(Target, OtherThanTheRecordedOneIsRefusedAndBothAreNamed) {
  Scenario s;
  (void)s.deploy(oneConfiguration());
  s.cloud.where.region = "eu-west-1";
  try {
    (void)s.plan(oneConfiguration());
    FAIL() << "another target was accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("us-east-1"));
    EXPECT_THAT(error.what(), HasSubstr("eu-west-1"));
  }
}

TEST(Program, ThatThrowsHalfWayDeletesNothing) {
  Scenario s;
  (void)s.deploy(several(3));
  const Body throwing = [](Host* host) -> Task<> {
    (void)co_await declare(host, configurationType, "r0", configuration("bucket-0"));
    if (!host->previewing()) throw Error(ErrorCode::program, "it broke");
  };
  const auto result = s.deploy(throwing);
  EXPECT_FALSE(result.ok());
  EXPECT_EQ(s.cloud.count(configurationType), 3U);
}

TEST(Replay, DeletesWhatWasCreatedAheadAndThenNotDeclared) {
  Scenario s;
  const Body fickle = [](Host* host) -> Task<> {
    (void)co_await declare(host, channelType, "kept", {{"Name", "kept"}});
    if (host->previewing()) (void)co_await declare(host, channelType, "ahead", {{"Name", "ahead"}});
  };
  (void)s.deploy(fickle);
  EXPECT_EQ(s.cloud.count(channelType), 1U);
  EXPECT_EQ(s.records().size(), 1U);
}

TEST(Replay, BringsAStepThatRanAheadToWhatIsThenDeclared) {
  Scenario s;
  ASSERT_TRUE(s.deploy([](Host* host) -> Task<> {
                 Json tags = {{{"Key", "pass"}, {"Value", host->previewing() ? "preview" : "replay"}}};
                 (void)co_await declare(host, channelType, "channel", {{"Name", "live"}, {"Tags", tags}});
               }).ok());
  EXPECT_EQ(s.recorded("channel").resolved()["Tags"][0]["Value"], "replay");
  EXPECT_EQ(s.cloud.resources.begin()->second.properties["Tags"][0]["Value"], "replay");
  EXPECT_EQ(s.cloud.count(channelType), 1U);
}

TEST(Replay, DoesNotDeleteWhatTheApprovedPlanDidNotShow) {
  Scenario s;
  (void)s.deploy(several(2));
  const Body forgetful = [](Host* host) -> Task<> {
    (void)co_await declare(host, configurationType, "r0", configuration("bucket-0"));
    if (host->previewing()) (void)co_await declare(host, configurationType, "r1", configuration("bucket-1"));
  };
  EXPECT_FALSE(s.deploy(forgetful).ok());
  EXPECT_EQ(s.cloud.count(configurationType), 2U);
  s.settings.allowUnplanned = true;
  EXPECT_TRUE(s.deploy(forgetful).ok());
  EXPECT_EQ(s.cloud.count(configurationType), 1U);
}

Task<> readWhatIsMade(Host* host) {
  auto made = co_await declare(host, channelType, "channel", {{"Name", "live"}});
  const auto arn = output(made, "/Arn");
  const auto identifier = arn.is_string() ? arn.get<std::string>() : "arn-of-channel";
  auto read = co_await host->get(channelType, identifier, {}, {});
  (void)co_await declare(host, "AWS::IVS::StreamKey", "key", {{"ChannelArn", output(read, "/Arn")}});
}

TEST(Get, OfWhatThisDeploymentMakesIsUnknownInThePreviewAndReadInTheReplay) {
  Scenario s;
  ASSERT_TRUE(s.deploy([](Host* host) { return readWhatIsMade(host); }).ok());
  EXPECT_EQ(s.recorded("key").resolved()["ChannelArn"], s.recorded("channel").identifier);
}

TEST(Get, OfWhatDoesNotExistIsAnErrorOfThePlan) {
  Scenario s;
  EXPECT_THROW((void)s.plan([](Host* host) -> Task<> {
    (void)co_await host->get(channelType, "arn:aws:ivs:us-east-1:123456789012:channel/none", {}, {});
  }),
               Error);
}

class LostAnswer : public testing::TestWithParam<bool> {};

TEST_P(LostAnswer, IsFoundOutByTheNextDeploymentSoThatNothingExistsTwice) {
  Scenario s;
  s.cloud.loseNextAnswer = GetParam();
  const auto interrupted = s.deploy(oneConfiguration());
  EXPECT_FALSE(interrupted.ok());
  EXPECT_EQ(s.openEntries(), 1U);
  ASSERT_TRUE(s.deploy(oneConfiguration()).ok());
  EXPECT_EQ(s.cloud.count(configurationType), 1U);
  EXPECT_EQ(s.openEntries(), 0U);
  EXPECT_THAT(s.heard.notes, ElementsAre("the interrupted creation of recording is finished"));
}

TEST_P(LostAnswer, ToADeleteIsFoundOutByTheNextDestroy) {
  Scenario s;
  (void)s.deploy(oneConfiguration());
  s.cloud.loseNextAnswer = GetParam();
  EXPECT_FALSE(s.destroy().ok());
  EXPECT_TRUE(s.destroy().ok());
  EXPECT_EQ(s.cloud.count(configurationType), 0U);
  EXPECT_TRUE(s.records().empty());
}

TEST_P(LostAnswer, AfterTheTokensLifeIsLookedUpAmongTheServicesRequests) {
  Scenario s;
  s.cloud.loseNextAnswer = GetParam();
  (void)s.deploy(oneConfiguration());
  s.loop.wall += 25h;
  ASSERT_TRUE(s.deploy(oneConfiguration()).ok());
  EXPECT_EQ(s.cloud.count(configurationType), 1U);
}

INSTANTIATE_TEST_SUITE_P(BeforeOrAfterTheWorkWasDone, LostAnswer, testing::Bool());

}  // namespace
}  // namespace athanor
