#include "engine/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/move.h"
#include "engine/scenario.h"

namespace athanor {
namespace {

using namespace std::chrono_literals;
using engine::Host;
using state::Run;
using test::declare;
using test::Scenario;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Body = test::ScriptedProgram::Body;

constexpr auto queueType = "AWS::SQS::Queue";
constexpr auto configurationType = "AWS::IVS::RecordingConfiguration";

Json configuration(int window) {
  return {{"DestinationConfiguration", {{"S3", {{"BucketName", "my-bucket"}}}}},
          {"RecordingReconnectWindowSeconds", window}};
}

/// A chain of queues, each after the one before it.
Task<> chainOf(Host* host, int length) {
  for (int i = 0; i < length; ++i) {
    Options options;
    if (i > 0) options.dependsOn = {"q" + std::to_string(i - 1)};
    (void)co_await declare(host, queueType, "q" + std::to_string(i),
                           {{"QueueName", "queue-" + std::to_string(i)}}, std::move(options));
  }
}
Body chain(int length) {
  return [length](Host* host) { return chainOf(host, length); };
}

Task<> configured(Host* host, int window) {
  (void)co_await declare(host, configurationType, "recording", configuration(window));
}

Task<> protectedChain(Host* host) {
  Options kept, after;
  kept.protect = true;
  after.dependsOn = {"q0"};
  (void)co_await declare(host, queueType, "q0", {{"QueueName", "queue-0"}}, kept);
  (void)co_await declare(host, queueType, "q1", {{"QueueName", "queue-1"}}, after);
}

const Body nothing = [](Host*) -> Task<> { co_return; };

std::vector<Run> runsOf(Scenario& scenario) { return scenario.store().runs(scenario.settings.scope, 100); }

TEST(History, TellsWhoDeployedWhatWhenAndForHowLong) {
  Scenario s;
  s.settings.user = "mary";
  s.settings.host = "workshop";
  s.cloud.latency = 10s;
  const auto before = s.loop.now();
  (void)s.deploy(chain(2));
  ASSERT_THAT(runsOf(s), SizeIs(1));
  const auto run = runsOf(s).front();
  EXPECT_EQ(run.number, 1);
  EXPECT_EQ(run.command, "deploy");
  EXPECT_EQ(run.program, "/programs/scenario.ts");
  EXPECT_EQ(run.user, "mary");
  EXPECT_EQ(run.host, "workshop");
  EXPECT_EQ(run.target, s.cloud.where);
  EXPECT_GE(run.begunAt, before);
  ASSERT_TRUE(run.endedAt);
  EXPECT_GE(*run.endedAt - run.begunAt, 20s);
  EXPECT_EQ(run.outcome, Run::Outcome::succeeded);
  EXPECT_EQ(run.planned, state::Counts{.create = 2});
  EXPECT_EQ(run.done, state::Counts{.create = 2});
}

TEST(History, HasNoMarkOfADeploymentThatChangedNothing) {
  Scenario s;
  (void)s.deploy(chain(2));
  (void)s.deploy(chain(2));
  EXPECT_THAT(runsOf(s), SizeIs(1));
}

TEST(History, TellsOfADestroyWhichProgramItUndid) {
  Scenario s;
  (void)s.deploy(chain(2));
  s.settings.command = "destroy";
  (void)s.destroy();
  const auto run = runsOf(s).front();
  EXPECT_EQ(run.number, 2);
  EXPECT_EQ(run.command, "destroy");
  EXPECT_EQ(run.program, "/programs/scenario.ts");
  EXPECT_EQ(run.done, state::Counts{.remove = 2});
}

TEST(History, TellsOfDriftThatWasAccepted) {
  Scenario s;
  (void)s.deploy(chain(2));
  s.settings.command = "drift --accept";
  s.settings.user = "mary";
  (void)s.drift(true);
  EXPECT_THAT(runsOf(s), SizeIs(1)) << "nothing had drifted";
  s.cloud.resources.erase(s.recorded("q1").identifier);
  (void)s.drift(true);
  ASSERT_THAT(runsOf(s), SizeIs(2));
  const auto run = runsOf(s).front();
  EXPECT_EQ(run.command, "drift --accept");
  EXPECT_EQ(run.user, "mary");
  EXPECT_EQ(run.program, "/programs/scenario.ts");
  EXPECT_EQ(run.outcome, Run::Outcome::succeeded);
  EXPECT_EQ(run.done, state::Counts{.remove = 1});
}

TEST(History, TellsOfARecordThatWasGivenAnotherId) {
  Scenario s;
  (void)s.deploy(chain(1));
  (void)engine::moveRecord(s.store(), s.settings.scope, "q0", "first",
                           {.command = "state mv q0 first", .user = "mary"});
  ASSERT_THAT(runsOf(s), SizeIs(2));
  EXPECT_EQ(runsOf(s).front().command, "state mv q0 first");
  EXPECT_EQ(runsOf(s).front().user, "mary");
  EXPECT_EQ(runsOf(s).front().outcome, Run::Outcome::succeeded);
  EXPECT_EQ(runsOf(s).front().target, s.cloud.where);
}

TEST(History, CountsWhatFailedAndWhatWasNotRun) {
  Scenario s;
  s.cloud.failing["AWS::SQS::Queue"] = "ServiceInternalError";
  (void)s.deploy(chain(3));
  const auto run = runsOf(s).front();
  EXPECT_EQ(run.outcome, Run::Outcome::failed);
  EXPECT_EQ(run.done.failed, 1U);
  EXPECT_EQ(run.planned, state::Counts{.create = 3});
}

TEST(History, TellsThatADeploymentWasStopped) {
  Scenario s;
  test::ScriptedProgram program(chain(3));
  engine::Deployment deployment({s.loop, s.catalogue, s.store(), s.cloud, s.heard}, s.settings, &program);
  runTask(s.loop, deployment.begin());
  auto plan = runTask(s.loop, deployment.preview());
  s.loop.after(s.cloud.latency / 2, [&] { deployment.stop(); });
  (void)runTask(s.loop, deployment.apply(std::move(plan)));
  const auto run = runsOf(s).front();
  EXPECT_EQ(run.outcome, Run::Outcome::stopped);
  EXPECT_EQ(run.done.create, 1U);
  EXPECT_GE(run.done.notRun, 1U);
}

TEST(History, CallsARunInterruptedOnceAnotherCommandFoundItWithoutAnEnd) {
  Scenario s;
  state::Run killed{.command = "deploy", .begunAt = s.loop.now(), .planned = {.create = 9}};
  std::vector<state::Write> writes{state::Log{&killed}};
  s.store().lock(s.settings.scope, "deploy")->commit(writes);
  EXPECT_EQ(runsOf(s).front().outcome, Run::Outcome::unfinished);
  const auto lastCommit = s.store().info(s.settings.scope)->updatedAt;

  (void)s.deploy(nothing);
  const auto run = runsOf(s).front();
  EXPECT_EQ(run.number, 1);
  EXPECT_EQ(run.outcome, Run::Outcome::interrupted);
  EXPECT_EQ(run.endedAt, lastCommit);
  EXPECT_EQ(run.done, state::Counts{});
}

TEST(History, ThatCannotBeWrittenFailsNoDeployment) {
  Scenario s;
  engine::Context context{s.loop, s.catalogue, s.store(), s.cloud, s.heard};
  engine::History history(context, s.settings);
  const engine::Redaction noSecrets;
  engine::Journal journal(s.loop, s.store().lock(s.settings.scope, "deploy"), noSecrets);
  std::filesystem::remove(s.store().location());
  engine::Result result;
  result.done.create = 1;
  runTask(s.loop, history.end(&journal, result, false, {}));
  EXPECT_THAT(s.heard.notes, Contains(HasSubstr("the history could not be written: ")));
}

TEST(Predicted, DurationIsThatOfEarlierDeployments) {
  Scenario s;
  s.cloud.latency = 10s;
  EXPECT_EQ(s.plan(chain(3)).predicted, std::nullopt);
  (void)s.deploy(chain(2));
  const auto predicted = s.plan(chain(5)).predicted;
  ASSERT_TRUE(predicted);
  EXPECT_GE(*predicted, 30s) << "three more queues, one after the other";
  EXPECT_LT(*predicted, 31s);
  EXPECT_EQ(plan::toJson(s.plan(chain(5)))["predictedSeconds"],
            static_cast<double>(predicted->count()) / 1000);
}

TEST(Predicted, DurationIsNoneWhereNothingIsToBeDone) {
  Scenario s;
  (void)s.deploy(chain(2));
  EXPECT_EQ(s.plan(chain(2)).predicted, std::nullopt);
  EXPECT_FALSE(plan::toJson(s.plan(chain(2))).contains("predictedSeconds"));
}

TEST(Predicted, DurationOfADestroyIsLearnedFromDeletionsInAnyStage) {
  Scenario s;
  s.cloud.latency = 10s;
  (void)s.deploy(chain(1));
  (void)s.destroy();
  s.settings.scope.stage = "other";
  (void)s.deploy(chain(3));
  engine::Deployment deployment({s.loop, s.catalogue, s.store(), s.cloud, s.heard}, s.settings, nullptr);
  runTask(s.loop, deployment.begin());
  const auto predicted = runTask(s.loop, deployment.previewDestroy()).predicted;
  ASSERT_TRUE(predicted);
  EXPECT_GE(*predicted, 30s);
  EXPECT_LT(*predicted, 31s);
}

TEST(Timings, AreNotTakenOfStepsThatFailOrAskForNothing) {
  Scenario s;
  s.cloud.failing["AWS::SQS::Queue"] = "ServiceInternalError";
  (void)s.deploy(chain(1));
  EXPECT_THAT(s.store().timings("local:test"), IsEmpty());
  s.cloud.failing.clear();
  (void)s.deploy(chain(2));
  EXPECT_THAT(s.store().timings("local:test"), SizeIs(1));
  (void)s.deploy(protectedChain);
  EXPECT_EQ(runsOf(s).front().done.update, 1U);
  EXPECT_THAT(s.store().timings("local:test"), SizeIs(1));
}

TEST(Timings, OfAReplacementLeaveOutTheDeletionOfTheOldOne) {
  Scenario s;
  s.cloud.latency = 10s;
  (void)s.deploy([](Host* host) { return configured(host, 30); });
  (void)s.deploy([](Host* host) { return configured(host, 60); });
  const auto timings = s.store().timings("local:test");
  EXPECT_GE(timings.at({configurationType, "replace"}).at(0), 10s);
  EXPECT_LT(timings.at({configurationType, "replace"}).at(0), 11s);
  EXPECT_GE(timings.at({configurationType, "delete"}).at(0), 10s);
  const auto again = s.plan([](Host* host) { return configured(host, 90); });
  EXPECT_GE(again.predicted.value(), 20s);
}

}  // namespace
}  // namespace athanor
