#include "local/faults/throttle.h"

#include <gtest/gtest.h>

namespace athanor::local {
namespace {

using std::chrono::milliseconds;

const Caller mine{"123456789012", "eu-west-1"};

struct Asked {
  Throttle throttle;
  Time now{std::chrono::seconds(1'800'000'000)};

  /// How many of `count` requests at once get through.
  int admitted(int count, const Caller& caller = mine) {
    int out = 0;
    for (int i = 0; i < count; ++i) out += throttle.admits(caller, now) ? 1 : 0;
    return out;
  }
};

TEST(Throttle, LetsABurstOfAFifthOfASecondThroughAndThenTheRate) {
  Asked asked{Throttle(25)};
  EXPECT_EQ(asked.admitted(64), 5);
  int later = 0;
  for (int i = 0; i < 1000; ++i) {
    asked.now += milliseconds(10);
    later += asked.admitted(3);
  }
  EXPECT_EQ(later, 250);
}

TEST(Throttle, SavesUpNoMoreThanTheBurst) {
  Asked asked{Throttle(25)};
  asked.admitted(64);
  asked.now += std::chrono::hours(1);
  EXPECT_EQ(asked.admitted(64), 5);
}

TEST(Throttle, HasABurstOfTwoWhereTheRateIsLow) {
  Asked asked{Throttle(0.5)};
  EXPECT_EQ(asked.admitted(10), 2);
  asked.now += std::chrono::seconds(2);
  EXPECT_EQ(asked.admitted(10), 1);
}

TEST(Throttle, CountsEachAccountAndRegionByItself) {
  Asked asked{Throttle(25)};
  EXPECT_EQ(asked.admitted(64), 5);
  EXPECT_EQ(asked.admitted(64, {"123456789012", "us-east-1"}), 5);
  EXPECT_EQ(asked.admitted(64, {"210987654321", "eu-west-1"}), 5);
}

TEST(Throttle, GainsNothingFromAClockThatIsSteppedBack) {
  Asked asked{Throttle(25)};
  asked.admitted(64);
  asked.now -= std::chrono::hours(1);
  EXPECT_EQ(asked.admitted(64), 0);
  asked.now += milliseconds(200);
  EXPECT_EQ(asked.admitted(64), 5);
}

TEST(Throttle, WithoutARateLetsEverythingThrough) {
  Asked asked{Throttle(0)};
  EXPECT_EQ(asked.admitted(10'000), 10'000);
}

}  // namespace
}  // namespace athanor::local
