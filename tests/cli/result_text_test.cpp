#include "cli/result_text.h"

#include <gtest/gtest.h>

namespace athanor::cli {
namespace {

using namespace std::chrono_literals;

engine::Result result(plan::Summary done, std::size_t failed = 0, std::size_t notRun = 0) {
  engine::Result out;
  out.done = done;
  out.failed = failed;
  out.notRun = notRun;
  return out;
}

TEST(Results, SumUpWhatWasDoneInOneLine) {
  EXPECT_EQ(resultText(result({.create = 2, .replace = 1, .keep = 4}), {.took = 1200ms}, {}),
            "Deployed: 2 created, 1 replaced, 4 unchanged in 1.2s.\n");
  EXPECT_EQ(resultText(result({.remove = 3}), {.destroyed = true, .took = 65s}, {}),
            "Destroyed: 3 deleted in 1m 05s.\n");
}

TEST(Results, OfNothingToDoSaySo) {
  EXPECT_EQ(resultText(result({.keep = 1}), {.unchanged = true, .took = 30ms}, {}),
            "Nothing to do: 1 resource is as declared. (0.0s)\n");
  EXPECT_EQ(resultText(result({}), {.unchanged = true}, {}),
            "Nothing to do: the program declares no resources. (0.0s)\n");
  EXPECT_EQ(resultText(result({}), {.destroyed = true, .unchanged = true}, {}),
            "Nothing to destroy: nothing is deployed. (0.0s)\n");
}

TEST(Results, OfAFailureCountItFirst) {
  EXPECT_EQ(resultText(result({.create = 1}, 2, 3), {.took = 4s}, {}),
            "Failed: 2 failed, 1 created, 3 not run in 4.0s.\n");
  auto threw = result({});
  threw.programError = Error(ErrorCode::program, "half way");
  EXPECT_EQ(resultText(threw, {.unchanged = true}, {}), "Failed: the program ended with an error in 0.0s.\n");
}

TEST(Results, OfAnInterruptSayThatItStopped) {
  EXPECT_EQ(resultText(result({.create = 1}, 0, 1), {.stopped = true, .took = 4s}, {}),
            "Stopped: 1 created, 1 not run in 4.0s.\n");
}

TEST(Results, NameTheIdsOfWhichNothingIsKnownYet) {
  auto open = result({.create = 1});
  open.undecided = {"slow"};
  EXPECT_EQ(
      resultText(open, {.took = 4s}, {}),
      "What became of the interrupted operation on slow is not known yet.\nFailed: 1 created in 4.0s.\n");
  EXPECT_EQ(resultJson(open, false, 4s)["undecided"], Json::array({"slow"}));
  EXPECT_EQ(resultJson(open, false, 4s)["ok"], false);
}

TEST(Results, OfADestroyNameWhatIsLeft) {
  auto left = result({}, 1);
  Resource used;
  used.id = "used";
  used.type = "AWS::IVS::Channel";
  used.identifier = "arn:x";
  left.left.push_back(std::move(used));
  EXPECT_EQ(resultText(left, {.destroyed = true}, {}),
            "Still there:\n  used  AWS::IVS::Channel  arn:x\nFailed: 1 failed in 0.0s.\n");
  EXPECT_EQ(resultJson(left, false, 1500ms),
            Json::parse(R"({"event": "done", "ok": false, "failed": 1, "notRun": 0, "seconds": 1.5,
                            "done": {"create": 0, "update": 0, "replace": 0, "delete": 0, "adopt": 0, "keep": 0},
                            "left": [{"id": "used", "type": "AWS::IVS::Channel", "identifier": "arn:x"}]})"));
}

}  // namespace
}  // namespace athanor::cli
