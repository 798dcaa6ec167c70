#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/reference.h"
#include "engine/scenario.h"

namespace athanor {
namespace {

using engine::Host;
using test::declare;
using test::output;
using test::Scenario;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Body = test::ScriptedProgram::Body;

constexpr auto bucketType = "AWS::S3::Bucket";
constexpr auto channelType = "AWS::IVS::Channel";

/// try { bucket } catch { fallback }; the fallback may also be declared whatever happens.
Task<> withFallback(Host* host, bool bucket, bool always) {
  bool failed = always;
  try {
    if (bucket) (void)co_await declare(host, bucketType, "b", {{"BucketName", "taken"}});
  } catch (const Error&) {
    failed = true;
  }
  if (failed) (void)co_await declare(host, channelType, "fallback", {{"Name", "fallback"}});
}
Body fallback(bool bucket = true, bool always = false) {
  return [=](Host* host) { return withFallback(host, bucket, always); };
}

std::string undecided(const plan::Plan& plan) {
  std::string ids;
  for (const auto& step : plan.undecided) ids += (ids.empty() ? "" : ", ") + step.id;
  return ids;
}

TEST(Fallback, OfAStepThatKeepsFailingIsNotPlannedAsADeletion) {
  Scenario s;
  s.cloud.failing[bucketType] = "ServiceLimitExceeded";
  EXPECT_FALSE(s.deploy(fallback()).ok());
  const auto plan = s.plan(fallback());
  EXPECT_EQ(Scenario::steps(plan), "create b");
  EXPECT_EQ(undecided(plan), "fallback");
  EXPECT_THAT(plan.undecided[0].reasons, ElementsAre(HasSubstr("only after b had failed")));
  EXPECT_FALSE(s.deploy(fallback()).ok());
  EXPECT_THAT(s.heard.notes, ElementsAre("fallback stays: the program declares it again"));
  EXPECT_EQ(undecided(s.plan(fallback())), "fallback");
}

TEST(Fallback, GoesOnceTheStepWorks) {
  Scenario s;
  s.cloud.failing[bucketType] = "ServiceLimitExceeded";
  (void)s.deploy(fallback());
  s.cloud.failing.clear();
  EXPECT_TRUE(s.deploy(fallback()).ok());
  ASSERT_EQ(s.records().size(), 1U);
  EXPECT_EQ(s.records()[0].id, "b");
}

TEST(Fallback, IsAPlannedDeletionOnceTheStepIsGoneFromTheProgram) {
  Scenario s;
  s.cloud.failing[bucketType] = "ServiceLimitExceeded";
  (void)s.deploy(fallback());
  const auto plan = s.plan(fallback(false));
  EXPECT_EQ(Scenario::steps(plan), "delete fallback");
  EXPECT_EQ(undecided(plan), "");
}

TEST(Fallback, ThatIsDeclaredWhateverHappensIsNoneAnyMore) {
  Scenario s;
  s.cloud.failing[bucketType] = "ServiceLimitExceeded";
  (void)s.deploy(fallback());
  (void)s.deploy(fallback(true, true));
  EXPECT_THAT(s.recorded("fallback").dependsOn, IsEmpty());
  EXPECT_EQ(Scenario::steps(s.plan(fallback())), "create b, delete fallback");
}

TEST(Fallback, IsLeftByADeploymentOfSomethingElse) {
  Scenario s;
  s.cloud.failing[bucketType] = "ServiceLimitExceeded";
  (void)s.deploy(fallback());
  s.cloud.failing.clear();
  s.settings.selection.targets = {"b"};
  EXPECT_TRUE(s.deploy(fallback()).ok());
  EXPECT_EQ(s.records().size(), 2U);
}

/// Reads the channel's ARN, and throws where it does not know it; `always` throws whatever it is.
Task<> throwsOver(Host* host, bool always) {
  const auto channel = co_await declare(host, channelType, "c", {{"Name", "c"}});
  if (channel.open) host->handedOut();
  if (always || !output(channel, "/Arn").is_string()) throw Error(ErrorCode::program, "not the channel");
  (void)co_await declare(host, channelType, "d", {{"Name", "d"}});
}

TEST(Preview, EndsWhereTheProgramThrowsOverAnUnknownAndTheRestIsDeployed) {
  Scenario s;
  const Body program = [](Host* host) { return throwsOver(host, false); };
  const auto plan = s.plan(program);
  EXPECT_EQ(Scenario::steps(plan), "create c");
  EXPECT_EQ(
      plan.endedEarly,
      "the program ended with \"not the channel\", after it had been handed values that are not known yet");
  EXPECT_TRUE(s.deploy(program).ok());
  EXPECT_EQ(s.records().size(), 2U);
  EXPECT_EQ(s.plan(program).endedEarly, "");
}

TEST(Preview, FailsWhereTheProgramThrowsThoughItHasReadNoUnknown) {
  Scenario s;
  const Body program = [](Host* host) -> Task<> {
    (void)co_await declare(host, channelType, "c", {{"Name", "c"}});
    throw Error(ErrorCode::program, "it is wrong");
  };
  EXPECT_THROW((void)s.deploy(program), Error);
  EXPECT_THAT(s.cloud.log, IsEmpty());
}

TEST(Preview, ThatEndsSoLeavesTheErrorOfTheReplayAsItIsAndDeletesNothing) {
  Scenario s;
  const Body before = [](Host* host) -> Task<> {
    (void)co_await declare(host, bucketType, "old", {{"BucketName", "old"}});
  };
  ASSERT_TRUE(s.deploy(before).ok());
  const auto result = s.deploy([](Host* host) { return throwsOver(host, true); });
  ASSERT_TRUE(result.programError);
  EXPECT_STREQ(result.programError->what(), "not the channel");
  EXPECT_EQ(s.recorded("old").identifier, "old");
}

TEST(OneNameUnderTwoIds, BlocksTheNewOneAndSaysWhichIdHasIt) {
  Scenario s;
  const auto named = [](const char* id) {
    return [id](Host* host) -> Task<> {
      return [](Host* on, std::string as) -> Task<> {
        (void)co_await declare(on, bucketType, as, {{"BucketName", "clips"}});
      }(host, id);
    };
  };
  ASSERT_TRUE(s.deploy(named("a")).ok());
  EXPECT_EQ(Scenario::steps(s.plan(named("b"))), "create b, delete a");
  const auto result = s.deploy(named("b"));
  EXPECT_FALSE(result.ok());
  EXPECT_THAT(s.heard.failures,
              testing::Contains(HasSubstr("b: could not create AWS::S3::Bucket: AlreadyExists")));
  EXPECT_THAT(s.heard.hints, testing::Contains(HasSubstr("renamedFrom: \"a\"")));
}

}  // namespace
}  // namespace athanor
