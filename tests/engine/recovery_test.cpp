#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/scenario.h"

namespace athanor {
namespace {

using namespace std::chrono_literals;
using engine::Host;
using test::declare;
using test::Scenario;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Body = test::ScriptedProgram::Body;

constexpr auto bucketType = "AWS::S3::Bucket";
constexpr auto configurationType = "AWS::IVS::RecordingConfiguration";

/// A bucket whose operations are given a minute, and a configuration that has nothing to do with it.
Task<> bucketAnd(Host* host, bool bucket, bool other) {
  if (other) {
    Json props = {{"DestinationConfiguration", {{"S3", {{"BucketName", "elsewhere"}}}}}};
    (void)co_await declare(host, configurationType, "other", std::move(props));
  }
  Options options;
  options.timeout = 60s;
  if (bucket) (void)co_await declare(host, bucketType, "slow", {{"BucketName", "clips"}}, options);
}
Body program(bool bucket, bool other) {
  return [=](Host* host) { return bucketAnd(host, bucket, other); };
}

auto asked(const Scenario& s, const char* what) { return std::ranges::count(s.cloud.log, what); }

/// An hour's creation, of which the first deployment saw a minute.
void interruptCreation(Scenario& s) {
  s.cloud.latency = 1h;
  EXPECT_FALSE(s.deploy(program(true, false)).ok());
  s.cloud.latency = 1s;
}

TEST(Recovery, OfWhatIsStillGoingOnBlocksThatIdAloneAndSaysSo) {
  Scenario s;
  interruptCreation(s);
  const auto result = s.deploy(program(true, true));
  EXPECT_FALSE(result.ok());
  EXPECT_EQ(result.done.create, 1U);
  EXPECT_EQ(s.recorded("other").type, configurationType);
  EXPECT_THAT(s.heard.notes,
              ElementsAre(HasSubstr("the interrupted creation of slow is not finished: it took "
                                    "too long. Run the command again")));
  EXPECT_THAT(s.heard.failures,
              ElementsAre(HasSubstr("slow: the interrupted creation of slow is not finished")));
  EXPECT_THAT(result.undecided, ElementsAre("slow"));
  EXPECT_EQ(asked(s, "create AWS::S3::Bucket"), 1);

  runTask(s.loop, sleepFor(s.loop, 1h));
  EXPECT_TRUE(s.deploy(program(true, true)).ok());
  EXPECT_EQ(asked(s, "create AWS::S3::Bucket"), 1);
  EXPECT_EQ(s.openEntries(), 0U);
}

TEST(Recovery, OfWhatIsStillGoingOnIsNoSuccessThoughNothingElseIsWanted) {
  Scenario s;
  interruptCreation(s);
  EXPECT_FALSE(s.deploy(program(false, false)).ok());
  const auto destroyed = s.destroy();
  EXPECT_FALSE(destroyed.ok());
  EXPECT_THAT(destroyed.undecided, ElementsAre("slow"));
}

TEST(Recovery, OfADeletionThatIsStillGoingOnAsksForNoSecondOne) {
  Scenario s;
  ASSERT_TRUE(s.deploy(program(true, true)).ok());
  s.cloud.latency = 1h;
  EXPECT_FALSE(s.deploy(program(false, true)).ok());
  s.cloud.latency = 1s;
  const auto result = s.destroy();
  EXPECT_FALSE(result.ok());
  EXPECT_THAT(s.heard.failures,
              ElementsAre(HasSubstr("slow: the interrupted deletion of slow is not finished")));
  EXPECT_EQ(result.done.remove, 1U);
  EXPECT_EQ(asked(s, "delete clips"), 1);
}

TEST(Recovery, OfWhatCannotBeReadBlocksThatIdAloneAndMakesNoSecondOne) {
  Scenario s;
  s.cloud.unreadable[bucketType] = "not allowed to";
  EXPECT_FALSE(s.deploy(program(true, false)).ok());
  const auto result = s.deploy(program(true, true));
  EXPECT_EQ(result.done.create, 1U);
  EXPECT_THAT(result.undecided, ElementsAre("slow"));
  EXPECT_THAT(s.heard.notes, ElementsAre(HasSubstr("slow is not finished: not allowed to")));
  EXPECT_EQ(asked(s, "create AWS::S3::Bucket"), 1);
  s.cloud.unreadable.clear();
  EXPECT_TRUE(s.deploy(program(true, true)).ok());
  EXPECT_EQ(asked(s, "create AWS::S3::Bucket"), 1);
}

TEST(Recovery, OfWhatHasFailedSaysSoAndLeavesItToThePlan) {
  Scenario s;
  s.cloud.failing[bucketType] = "ServiceLimitExceeded";
  interruptCreation(s);
  s.cloud.failing.clear();
  runTask(s.loop, sleepFor(s.loop, 1h));
  const auto result = s.deploy(program(true, true));
  EXPECT_TRUE(result.ok());
  EXPECT_THAT(s.heard.notes, ElementsAre(HasSubstr("the interrupted creation of slow had failed")));
  EXPECT_THAT(result.undecided, IsEmpty());
  EXPECT_EQ(asked(s, "create AWS::S3::Bucket"), 2);
}

}  // namespace
}  // namespace athanor
