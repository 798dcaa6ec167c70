#include "state/history.h"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "state/conformance.h"

namespace athanor::state {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

Run run(const std::string& command, int secondsLater = 0) {
  return {
      .command = command,
      .program = "/programs/shop.ts",
      .user = "mary",
      .host = "workshop",
      .target = {.account = "123456789012", .region = "eu-west-1", .endpoint = ""},
      .begunAt = std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000 + secondsLater)),
      .planned = {.create = 2, .keep = 3}};
}

std::vector<std::string> commandsOf(const std::vector<Run>& runs) {
  std::vector<std::string> all;
  for (const auto& one : runs) all.push_back(one.command);
  return all;
}

}  // namespace

TEST_P(StoreConformance, HasNoHistoryBeforeTheFirstRunIsLogged) {
  EXPECT_THAT(open()->runs(shop, 10), IsEmpty());
  EXPECT_THAT(open()->timings(""), IsEmpty());
  commit(*open()->lock(shop, "deploy"), {Put{resource("key")}});
  EXPECT_THAT(open()->runs(shop, 10), IsEmpty());
  EXPECT_THAT(open()->timings(""), IsEmpty());
}

TEST_P(StoreConformance, GivesBackARunAsItBeganAndAsItEnded) {
  auto store = open();
  auto lock = store->lock(shop, "deploy");
  auto deploy = run("deploy");
  commit(*lock, {Log{&deploy}});
  EXPECT_EQ(deploy.number, 1);
  EXPECT_THAT(open()->runs(shop, 10), ElementsAre(deploy));

  deploy.outcome = Run::Outcome::failed;
  deploy.endedAt = deploy.begunAt + 90s;
  deploy.done = {.create = 1, .keep = 3, .failed = 1};
  commit(*lock, {Log{&deploy}});
  EXPECT_EQ(deploy.number, 1);
  EXPECT_THAT(open()->runs(shop, 10), ElementsAre(deploy));
}

TEST_P(StoreConformance, GivesTheNewestRunsOfAScopeFirstAndNoMoreThanAsked) {
  auto first = run("deploy"), second = run("destroy", 10), third = run("deploy --adopt", 20);
  auto other = run("deploy", 30);
  {
    auto lock = open()->lock(shop, "deploy");
    for (auto* one : {&first, &second, &third}) commit(*lock, {Log{one}});
  }
  commit(*open()->lock({"shop", "prod"}, "deploy"), {Log{&other}});
  EXPECT_EQ(other.number, 1);
  EXPECT_THAT(commandsOf(open()->runs(shop, 2)), ElementsAre("deploy --adopt", "destroy"));
  EXPECT_THAT(commandsOf(open()->runs(shop, SIZE_MAX)), ElementsAre("deploy --adopt", "destroy", "deploy"));
}

TEST_P(StoreConformance, LogsARunWithTheRestOfItsTransactionOrNotAtAll) {
  auto store = open();
  auto lock = store->lock(shop, "deploy");
  auto deploy = run("deploy");
  EXPECT_TRUE(errorOf([&] { commit(*lock, {Log{&deploy}, Learn{"", {{"T", "create", 1ms}}}, Close{77}}); }));
  EXPECT_EQ(deploy.number, 0);
  EXPECT_THAT(store->runs(shop, 10), IsEmpty());
  EXPECT_THAT(store->timings(""), IsEmpty());
  commit(*lock, {Log{&deploy}});
  EXPECT_THAT(store->runs(shop, 10), ElementsAre(deploy));
}

TEST_P(StoreConformance, RefusesTheEndOfARunThatNeverBegan) {
  auto lock = open()->lock(shop, "deploy");
  auto deploy = run("deploy");
  deploy.number = 3;
  const auto error = errorOf([&] { commit(*lock, {Log{&deploy}}); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::internal);
}

TEST_P(StoreConformance, LearnsDurationsByEndpointTypeAndActionForAllScopes) {
  commit(
      *open()->lock(shop, "deploy"),
      {Learn{"",
             {{"T", "create", 100ms}, {"U", "create", 7ms}, {"T", "create", 200ms}, {"T", "delete", 5ms}}}});
  commit(*open()->lock({"other", "dev"}, "deploy"), {Learn{"", {{"T", "create", 300ms}}}});
  commit(*open()->lock(shop, "deploy"), {Learn{"local:1", {{"T", "create", 1ms}}}});
  const Timings known = {
      {{"T", "create"}, {100ms, 200ms, 300ms}}, {{"T", "delete"}, {5ms}}, {{"U", "create"}, {7ms}}};
  EXPECT_EQ(open()->timings(""), known);
  const Timings local = {{{"T", "create"}, {1ms}}};
  EXPECT_EQ(open()->timings("local:1"), local);
}

TEST_P(StoreConformance, KeepsTheLatestDurationsOnly) {
  auto lock = open()->lock(shop, "deploy");
  std::vector<std::chrono::milliseconds> last;
  for (int round = 0; round < 3; ++round) {
    std::vector<Timing> timings;
    for (int i = 0; i < 15; ++i)
      timings.push_back({"T", "create", std::chrono::milliseconds(round * 100 + i)});
    for (const auto& one : timings) last.push_back(one.took);
    commit(*lock, {Learn{"", timings}});
  }
  last.erase(last.begin(), last.end() - timingsKept);
  EXPECT_EQ(open()->timings("").at({"T", "create"}), last);
}

RC_GTEST_PROP(Counts, AreTheSameOnceWrittenAndRead, (std::array<std::uint16_t, 8> n)) {
  const Counts counts{n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7]};
  RC_ASSERT(countsFrom(Json::parse(toJson(counts).dump())) == counts);
}

}  // namespace athanor::state
