#include "cli/progress_view.h"

#include <fmt/format.h>

#include "golden.h"

namespace athanor::cli {
namespace {

using namespace std::chrono_literals;
using plan::Action;

const ProgressView::Time zero{std::chrono::hours(5)};

plan::Step step(const char* id, Action action, std::vector<std::string> dependsOn = {}) {
  return {.id = id, .type = "AWS::IVS::Channel", .action = action, .dependsOn = std::move(dependsOn)};
}

std::string shown(const ProgressView& view, ProgressView::Time now, Style style = {},
                  std::size_t height = 10) {
  return fmt::format("{}\n", fmt::join(view.lines(now, style, height), "\n"));
}

TEST(Progress, ShowsWhatRunsForHowLongAndWhatWaitsForWhat) {
  const auto config = step("config", Action::create), channel = step("channel", Action::update, {"config"}),
             key = step("key", Action::create, {"channel"});
  plan::Plan plan;
  plan.steps = {config, channel, key, step("kept", Action::keep)};
  ProgressView view(plan, zero);
  std::string film = shown(view, zero);
  view.started(config, zero + 100ms);
  film += shown(view, zero + 3400ms);
  film += view.succeeded(config, zero + 12s, {});
  view.started(channel, zero + 12s);
  film += shown(view, zero + 75s);
  film += view.failed(channel, Error(ErrorCode::provider, "no").at({"/me/app.ts", 3, 1}).next("try"),
                      zero + 3700s, {}, "/me");
  film += view.failed(key, Error(ErrorCode::interrupted, "not run because channel failed"), zero + 3700s, {},
                      "/me");
  view.stopping();
  film += shown(view, zero + 3700s);
  test::expectGolden("progress.txt", film);
}

TEST(Progress, FitsAnyTerminal) {
  plan::Plan plan;
  for (int i = 0; i < 40; ++i)
    plan.steps.push_back(step(fmt::format("a-resource-with-a-long-name-{}", i).c_str(), Action::create));
  ProgressView view(plan, zero);
  for (int i = 0; i < 30; ++i) view.started(plan.steps[static_cast<std::size_t>(i)], zero + 1s * i);
  for (std::size_t width = 1; width < 120; width += 7)
    for (std::size_t height = 1; height < 40; ++height) {
      const auto lines = view.lines(zero + 60s, {.colour = true, .width = width}, height);
      EXPECT_LE(lines.size(), height);
      for (const auto& line : lines) EXPECT_LE(columns(line), width);
    }
  test::expectGolden("progress-many.txt", shown(view, zero + 60s, {.width = 60}, 6));
}

TEST(Progress, CountsAStepThatThePlanDidNotHave) {
  ProgressView view({}, zero);
  view.started(step("late", Action::create), zero);
  EXPECT_EQ(view.lines(zero + 1s, {}, 5).back(), "0 of 1 done · 1 running · 1.0s");
}

TEST(Durations, AreShort) {
  EXPECT_EQ(durationText(0ms), "0.0s");
  EXPECT_EQ(durationText(9990ms), "9.9s");
  EXPECT_EQ(durationText(59s), "59s");
  EXPECT_EQ(durationText(185s), "3m 05s");
  EXPECT_EQ(durationText(3720s), "1h 02m");
}

}  // namespace
}  // namespace athanor::cli
