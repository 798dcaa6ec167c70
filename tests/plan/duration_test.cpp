#include "plan/duration.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <numeric>

namespace athanor::plan {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

Step step(const std::string& id, Action action, std::vector<std::string> dependsOn = {},
          const std::string& type = "T") {
  Step made{.id = id, .type = type, .action = action, .dependsOn = std::move(dependsOn)};
  if (action == Action::update) made.changes.push_back({.path = "name", .before = 1, .after = 2});
  return made;
}

Plan planOf(std::vector<Step> steps) {
  return {
      .app = "app", .stage = "dev", .target = {}, .steps = std::move(steps), .endedEarly = "", .endedAt = {}};
}

using Known = std::map<std::pair<std::string, Action>, milliseconds>;

const Known usual = {{{"T", Action::create}, 10s},
                     {{"T", Action::update}, 3s},
                     {{"T", Action::remove}, 5s},
                     {{"Slow", Action::create}, 100s}};

std::optional<milliseconds> predict(std::vector<Step> steps, std::size_t parallel = 64,
                                    const Known& known = usual) {
  const auto look = [&](const std::string& type, Action action) -> std::optional<milliseconds> {
    const auto found = known.find({type, action});
    return found == known.end() ? std::nullopt : std::optional(found->second);
  };
  return predictDuration(planOf(std::move(steps)), look, parallel);
}

/// Jobs of which each may follow any before it.
std::vector<Job> anyJobs() {
  const auto count = *rc::gen::inRange<std::size_t>(0, 12);
  std::vector<Job> jobs(count);
  for (std::size_t i = 0; i < count; ++i) {
    jobs[i].takes = milliseconds(*rc::gen::inRange(0, 50));
    for (std::size_t before = 0; before < i; ++before)
      if (*rc::gen::inRange(0, 3) == 0) jobs[i].after.push_back(before);
  }
  return jobs;
}

milliseconds total(const std::vector<Job>& jobs) {
  return std::accumulate(jobs.begin(), jobs.end(), milliseconds{0},
                         [](milliseconds sum, const Job& job) { return sum + job.takes; });
}

milliseconds longestPath(const std::vector<Job>& jobs) {
  std::vector<milliseconds> ends;
  milliseconds last{0};
  for (const auto& job : jobs) {
    milliseconds begins{0};
    for (const auto before : job.after) begins = std::max(begins, ends[before]);
    ends.push_back(begins + job.takes);
    last = std::max(last, ends.back());
  }
  return last;
}

}  // namespace

RC_GTEST_PROP(Makespan, IsTheLongestPathWherePlacesAreMany, ()) {
  const auto jobs = anyJobs();
  RC_ASSERT(makespan(jobs, 100) == longestPath(jobs));
}

RC_GTEST_PROP(Makespan, IsTheSumWhereOneRunsAtATime, ()) {
  const auto jobs = anyJobs();
  RC_ASSERT(makespan(jobs, 1) == total(jobs));
}

RC_GTEST_PROP(Makespan, LiesBetweenTheBoundsOfListScheduling, ()) {
  const auto jobs = anyJobs();
  const auto parallel = *rc::gen::inRange<std::int64_t>(1, 6);
  const auto found = makespan(jobs, static_cast<std::size_t>(parallel));
  RC_ASSERT(found >= longestPath(jobs));
  RC_ASSERT(found * parallel >= total(jobs));
  RC_ASSERT(found <= total(jobs) / parallel + longestPath(jobs) + 1ms);  // Graham's bound
}

TEST(Makespan, CutsACycleInsteadOfWaitingForEver) {
  EXPECT_EQ(makespan({{1s, {1}}, {2s, {0}}, {5s, {}}}, 8), 8s);
}

TEST(PredictedDuration, OfIndependentStepsIsThatOfTheSlowest) {
  EXPECT_EQ(predict({step("a", Action::create), step("b", Action::create), step("c", Action::update)}), 10s);
}

TEST(PredictedDuration, OfAChainIsItsSum) {
  EXPECT_EQ(predict({step("a", Action::create), step("b", Action::create, {"a"}),
                     step("c", Action::update, {"b"})}),
            23s);
}

TEST(PredictedDuration, TakesWhatIsKeptForDone) {
  EXPECT_EQ(predict({step("a", Action::keep, {}, "Unknown"), step("b", Action::create, {"a"})}), 10s);
}

TEST(PredictedDuration, HeedsHowManyStepsRunAtOnce) {
  std::vector<Step> steps;
  for (int i = 0; i < 10; ++i) steps.push_back(step("a" + std::to_string(i), Action::create));
  EXPECT_EQ(predict(steps, 4), 30s);
}

TEST(PredictedDuration, DeletesLastAndDependentsFirst) {
  EXPECT_EQ(predict({step("new", Action::create), step("user", Action::remove),
                     step("used", Action::remove, {"user"})}),
            20s);
}

TEST(PredictedDuration, AddsTheDeletionOfTheOldOneToAReplacementThatMakesTheNewOneFirst) {
  EXPECT_EQ(predict({step("a", Action::replace)}), 15s);
  EXPECT_EQ(predict({step("a", Action::replace), step("b", Action::replace, {"a"})}), 30s);
}

TEST(PredictedDuration, TakesAReplacementThatDeletesFirstForOneStep) {
  auto replaced = step("a", Action::replace);
  replaced.order = Order::deleteFirst;
  EXPECT_EQ(predict({replaced}), 15s);
  auto known = usual;
  known[{"T", Action::replace}] = 40s;
  EXPECT_EQ(predict({replaced}, 64, known), 40s);
}

TEST(PredictedDuration, TakesAChangeOfOptionsForNothing) {
  auto options = step("a", Action::update, {}, "Unknown");
  options.changes = {{.path = "options.protect", .before = {}, .after = true}};
  EXPECT_EQ(predict({options, step("b", Action::create)}), 10s);
}

TEST(PredictedDuration, IsNotGivenWhereAStepWasNeverSeen) {
  EXPECT_EQ(predict({step("a", Action::create), step("b", Action::create, {}, "Unknown")}), std::nullopt);
  EXPECT_EQ(predict({step("a", Action::replace, {}, "Slow")}), std::nullopt) << "its deletion is not known";
}

TEST(PredictedDuration, IsNotGivenWhereNothingIsToBeDoneOrTheRestIsOpen) {
  EXPECT_EQ(predict({}), std::nullopt);
  EXPECT_EQ(predict({step("a", Action::keep)}), std::nullopt);
  auto open = planOf({step("a", Action::create)});
  open.endedEarly = "the program needs a value";
  EXPECT_EQ(predictDuration(open, [](const std::string&, Action) { return 10s; }, 64), std::nullopt);
}

}  // namespace athanor::plan
