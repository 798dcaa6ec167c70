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

  Governor::Ticket admit(const std::string& account, const std::string& operation) {
    return runTask(loop, governor.admit(account, operation));
  }
};

TEST(Governor, HoldsNothingBackWhileNothingIsThrottled) {
  World world;
  for (int i = 0; i < 1000; ++i) world.governor.answered(world.admit("1/eu", "Create"));
  EXPECT_EQ(world.loop.elapsed().count(), 0);
  EXPECT_TRUE(std::isinf(world.governor.rate("1/eu", "Create")));
}

TEST(Governor, SlowsDownOnceForAllThatWereUnderWayWhenTheServiceThrottled) {
  World world;
  std::vector<Governor::Ticket> sent;
  for (int i = 0; i < 50; ++i) sent.push_back(world.admit("1/eu", "Create"));
  for (int i = 0; i < 20; ++i) world.governor.answered(sent[static_cast<std::size_t>(i)]);
  for (int i = 20; i < 50; ++i) world.governor.throttled(sent[static_cast<std::size_t>(i)]);
  EXPECT_DOUBLE_EQ(world.governor.rate("1/eu", "Create"), 14);  // 20 in a second worked; 0.7 of that
  (void)world.admit("1/eu", "Create");
  EXPECT_EQ(world.loop.elapsed().count(), 250);  // one rest, not thirty
}

TEST(Governor, RestsTheWholeAccountButNoOther) {
  World world;
  world.governor.throttled(world.admit("1/eu", "Create"));
  (void)world.admit("2/eu", "Create");
  EXPECT_EQ(world.loop.elapsed().count(), 0);
  (void)world.admit("1/eu", "Get");
  EXPECT_EQ(world.loop.elapsed().count(), 250);
  EXPECT_TRUE(std::isinf(world.governor.rate("1/eu", "Get")));
}

TEST(Governor, RestsLongerEachTimeInARowAndForgetsThatAfterASuccess) {
  World world;
  auto restAfterThrottle = [&] {
    const auto ticket = world.admit("1/eu", "Create");
    const auto before = world.loop.elapsed();
    world.governor.throttled(ticket);
    (void)world.admit("1/eu", "Other");
    return (world.loop.elapsed() - before).count();
  };
  EXPECT_EQ(restAfterThrottle(), 250);
  EXPECT_EQ(restAfterThrottle(), 500);
  EXPECT_EQ(restAfterThrottle(), 1000);
  world.governor.answered(world.admit("1/eu", "Create"));
  EXPECT_EQ(restAfterThrottle(), 250);
}

TEST(Governor, KeepsToTheRateAndRaisesItBySuccesses) {
  World world;
  std::vector<Governor::Ticket> sent;
  for (int i = 0; i < 10; ++i) sent.push_back(world.admit("1/eu", "Create"));
  for (int i = 0; i < 9; ++i) world.governor.answered(sent[static_cast<std::size_t>(i)]);
  world.governor.throttled(sent[9]);
  const auto rate = world.governor.rate("1/eu", "Create");
  const auto begun = world.loop.elapsed();
  for (int i = 0; i < 60; ++i) world.governor.answered(world.admit("1/eu", "Create"));
  const auto seconds = std::chrono::duration<double>(world.loop.elapsed() - begun).count();
  EXPECT_GT(60 / seconds, rate * 0.9);
  EXPECT_LT(60 / seconds, rate * 2);
  EXPECT_NEAR(world.governor.rate("1/eu", "Create"), rate + seconds,
              1.5);  // one request a second each second
}

Task<> sendAll(World* world, int count, int* throttles) {
  // A service that allows 10 requests in each second.
  static constexpr int allowed = 10;
  auto second = std::chrono::seconds(-1);
  int used = 0;
  for (int done = 0; done < count;) {
    const auto ticket = co_await world->governor.admit("1/eu", "Create");
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(ticket.sent.time_since_epoch());
    if (now != second) used = 0;
    second = now;
    if (++used > allowed) {
      ++*throttles;
      world->governor.throttled(ticket);
    } else {
      ++done;
      world->governor.answered(ticket);
    }
  }
}

TEST(Governor, SettlesNearWhatTheServiceAllows) {
  World world;
  int throttles = 0;
  runTask(world.loop, sendAll(&world, 600, &throttles));
  const auto seconds = std::chrono::duration<double>(world.loop.elapsed()).count();
  EXPECT_LT(seconds, 60 * 1.6);
  EXPECT_LT(throttles, 60);
}

}  // namespace
}  // namespace athanor::aws
