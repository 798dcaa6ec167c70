#include "base/task.h"

#include <gtest/gtest.h>

#include "base/loop.h"
#include "support/virtual_loop.h"

namespace athanor {
namespace {

using test::VirtualLoop;
using namespace std::chrono_literals;

Task<int> answerAfter(Loop* loop, std::chrono::milliseconds delay, int value) {
  co_await sleepFor(*loop, delay);
  if (value < 0) throw std::runtime_error("negative");
  co_return value;
}

TEST(Task, GivesItsResultToTheOneThatAwaitsIt) {
  VirtualLoop loop;
  EXPECT_EQ(runTask(loop, answerAfter(&loop, 5ms, 42)), 42);
}

TEST(Task, ThrowsToTheOneThatAwaitsIt) {
  VirtualLoop loop;
  EXPECT_THROW(runTask(loop, answerAfter(&loop, 5ms, -1)), std::runtime_error);
}

TEST(Task, RunsSeveralAtOnceInTheTimeOfTheLongest) {
  VirtualLoop loop;
  auto wait = [](Loop* on, std::chrono::milliseconds delay) -> Task<> { co_await sleepFor(*on, delay); };
  std::vector<Task<>> tasks;
  for (int i = 1; i <= 4; ++i) tasks.push_back(wait(&loop, i * 100ms));
  runTask(loop, all(std::move(tasks)));
  EXPECT_EQ(loop.elapsed(), 400ms);
}

TEST(Task, ThatWaitsForWhatNeverComesIsAnErrorNotAHang) {
  VirtualLoop loop;
  auto forever = [](Later<> never) -> Task<> { co_await never; };
  EXPECT_THROW(runTask(loop, forever(Later<>())), std::logic_error);
}

TEST(SystemLoop, ResumesAfterRealTime) {
  SystemLoop loop;
  EXPECT_EQ(runTask(loop, answerAfter(&loop, 1ms, 7)), 7);
}

}  // namespace
}  // namespace athanor
