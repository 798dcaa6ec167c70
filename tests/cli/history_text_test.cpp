#include "cli/history_text.h"

#include "golden.h"

namespace athanor::cli {
namespace {

using namespace std::chrono_literals;
using state::Run;

Run run(std::int64_t number, const std::string& command, Run::Outcome outcome, state::Counts done,
        std::optional<std::chrono::seconds> took) {
  Run made{.number = number,
           .command = command,
           .program = "/home/me/video/basic.ts",
           .user = "mary",
           .host = "workshop",
           .target = {.account = "123456789012", .region = "us-east-1", .endpoint = ""},
           .begunAt = std::chrono::system_clock::time_point(1'700'000'000s + number * 1h),
           .outcome = outcome,
           .planned = {.create = 3, .remove = 2, .keep = 7},
           .done = done};
  if (took) made.endedAt = made.begunAt + *took;
  return made;
}

std::vector<Run> everything() {
  using enum Run::Outcome;
  return {
      run(6, "deploy", unfinished, {}, std::nullopt),
      run(5, "destroy", succeeded, {.remove = 12}, 75s),
      run(4, "deploy", interrupted, {}, 40s),
      run(3, "deploy", stopped, {.create = 1, .notRun = 2}, 4s),
      run(2, "deploy", failed, {.update = 1, .keep = 2, .failed = 1, .notRun = 3}, 2h),
      run(1, "deploy", succeeded, {.create = 3, .update = 1, .replace = 1, .remove = 2, .adopt = 1}, 12s)};
}

TEST(HistoryText, TellsHowEachRunEndedNewestFirst) {
  test::expectGolden("history.txt", historyText(everything(), {}, "/home/me/video"));
}

TEST(HistoryText, ColoursHowARunEnded) {
  test::expectGolden("history-colour.txt", historyText(everything(), {.colour = true}, "/home/me/video"));
}

TEST(HistoryText, SaysThatThereIsNone) {
  EXPECT_EQ(historyText({}, {}, "/"), "Nothing was deployed so far.\n");
}

TEST(HistoryJson, HoldsAllThatIsRecorded) {
  const auto json = historyJson({"basic", "dev"}, everything());
  EXPECT_EQ(json["app"], "basic");
  EXPECT_EQ(json["stage"], "dev");
  ASSERT_EQ(json["runs"].size(), 6U);
  EXPECT_EQ(json["runs"][1], Json::parse(R"({
      "number": 5, "command": "destroy", "program": "/home/me/video/basic.ts", "user": "mary", "host": "workshop",
      "target": {"partition": "aws", "account": "123456789012", "region": "us-east-1", "endpoint": ""},
      "begunAt": "2023-11-15T03:13:20Z", "endedAt": "2023-11-15T03:14:35Z", "seconds": 75.0, "outcome": "succeeded",
      "planned": {"create": 3, "update": 0, "replace": 0, "delete": 2, "adopt": 0, "keep": 7, "failed": 0, "notRun": 0},
      "done": {"create": 0, "update": 0, "replace": 0, "delete": 12, "adopt": 0, "keep": 0, "failed": 0, "notRun": 0}})"));
  EXPECT_FALSE(json["runs"][0].contains("endedAt"));
  EXPECT_FALSE(json["runs"][0].contains("seconds"));
}

TEST(Roughly, SaysNoMoreThanCanBeKnown) {
  EXPECT_EQ(roughly(1s), "1 s");
  EXPECT_EQ(roughly(3600ms), "4 s");
  EXPECT_EQ(roughly(9999ms), "10 s");
  EXPECT_EQ(roughly(41s), "40 s");
  EXPECT_EQ(roughly(58s), "1 min");
  EXPECT_EQ(roughly(150s), "3 min");
  EXPECT_EQ(roughly(59min + 50s), "1 h");
  EXPECT_EQ(roughly(79min), "1 h 20 min");
  EXPECT_EQ(roughly(25h), "25 h");
}

TEST(PredictedText, IsALineWhereADurationIsKnownThatMatters) {
  plan::Plan plan;
  EXPECT_EQ(predictedText(plan, {}), "");
  plan.predicted = 999ms;
  EXPECT_EQ(predictedText(plan, {}), "");
  plan.predicted = 41s;
  EXPECT_EQ(predictedText(plan, {}), "About 40 s, going by earlier deployments.\n");
}

}  // namespace
}  // namespace athanor::cli
