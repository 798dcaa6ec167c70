#include "aws/governor.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/virtual_loop.h"

namespace athanor::aws {
namespace {

using std::chrono::milliseconds;

struct World {
  test::VirtualLoop loop;
  Governor governor{loop, [] { return 1.0; }};

  Governor::Ticket admit(const std::string& account = "1/eu") {
    return runTask(loop, governor.admit(account));
  }
  /// Sends `count` requests, one after the other, which are answered at once.
  void answer(int count) {
    for (int i = 0; i < count; ++i) governor.answered(admit());
  }
  /// Makes the governor know what the service allows: a second of throttling has passed.
  void settle() {
    governor.throttled(admit());
    while (loop.elapsed() < milliseconds(1500)) answer(1);
    governor.throttled(admit());
  }
};

TEST(Governor, HoldsNothingBackWhileNothingIsThrottled) {
  World world;
  world.answer(1000);
  EXPECT_EQ(world.loop.elapsed().count(), 0);
  EXPECT_TRUE(std::isinf(world.governor.rate("1/eu")));
}

TEST(Governor, SlowsDownOnceForAllThatWereUnderWayWhenTheServiceThrottled) {
  World world;
  world.settle();
  const auto rate = world.governor.rate("1/eu");
  std::vector<Governor::Ticket> sent;
  for (int i = 0; i < 50; ++i) sent.push_back(world.admit());
  const auto before = world.loop.elapsed();
  for (const auto& one : sent) world.governor.throttled(one);
  EXPECT_DOUBLE_EQ(world.governor.rate("1/eu"), rate * 0.8);
  (void)world.admit();
  EXPECT_LE((world.loop.elapsed() - before).count(), 100) << "one rest, not fifty";
}

TEST(Governor, RestsTheWholeAccountButNoOther) {
  World world;
  world.governor.throttled(world.admit("1/eu"));
  (void)world.admit("2/eu");
  EXPECT_EQ(world.loop.elapsed().count(), 0);
  EXPECT_TRUE(std::isinf(world.governor.rate("2/eu")));
  (void)world.admit("1/eu");
  EXPECT_EQ(world.loop.elapsed().count(), 50);
}

TEST(Governor, RestsLongerEachTimeInARowAndForgetsThatAfterASuccess) {
  World world;
  const auto restAfterThrottle = [&] {
    const auto ticket = world.admit();
    const auto before = world.loop.elapsed();
    world.governor.throttled(ticket);
    (void)world.admit();
    return (world.loop.elapsed() - before).count();
  };
  EXPECT_EQ(restAfterThrottle(), 50);
  EXPECT_EQ(restAfterThrottle(), 100);
  EXPECT_EQ(restAfterThrottle(), 200);
  EXPECT_EQ(restAfterThrottle(), 400);
  world.answer(1);
  EXPECT_LT(restAfterThrottle(), 100);
}

TEST(Governor, FindsOutWhatTheServiceAllowsWithinAFewSeconds) {
  World world;
  world.governor.throttled(world.admit());
  EXPECT_DOUBLE_EQ(world.governor.rate("1/eu"), 20);
  while (world.loop.elapsed() < std::chrono::seconds(2)) world.answer(1);
  EXPECT_GT(world.governor.rate("1/eu"), 200);
}

TEST(Governor, GrowsSlowlyAfterAThrottleAndFasterTheLongerNoneComes) {
  World world;
  world.settle();
  const auto grownIn = [&](milliseconds time) {
    const auto until = world.loop.elapsed() + time;
    const auto rate = world.governor.rate("1/eu");
    while (world.loop.elapsed() < until) world.answer(1);
    return world.governor.rate("1/eu") / rate;
  };
  const auto first = grownIn(milliseconds(500));
  EXPECT_LT(first, 1.1);
  EXPECT_GT(grownIn(milliseconds(500)), first);
}

TEST(Governor, LearnsNothingFromRequestsThatItDidNotHoldBack) {
  World world;
  world.settle();
  const auto rate = world.governor.rate("1/eu");
  for (int i = 0; i < 100; ++i) {
    runTask(world.loop, sleepFor(world.loop, milliseconds(500)));
    world.answer(1);
  }
  EXPECT_DOUBLE_EQ(world.governor.rate("1/eu"), rate);
}

TEST(Governor, NeverStopsAskingAServiceThatThrottlesEverything) {
  World world;
  for (int i = 0; i < 50; ++i) world.governor.throttled(world.admit());
  const auto before = world.loop.elapsed();
  world.answer(1);
  EXPECT_LE(world.loop.elapsed() - before, std::chrono::seconds(20));
  EXPECT_GE(world.governor.rate("1/eu"), 0.5);
}

}  // namespace
}  // namespace athanor::aws
