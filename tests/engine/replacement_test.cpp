#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/reference.h"
#include "engine/scenario.h"

namespace athanor {
namespace {

using engine::Host;
using test::declare;
using test::output;
using test::Scenario;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Body = test::ScriptedProgram::Body;

constexpr auto topicType = "AWS::SNS::Topic";
constexpr auto subscriptionType = "AWS::SNS::Subscription";
constexpr auto alarmType = "AWS::CloudWatch::Alarm";
constexpr auto eventsType = "AWS::DMS::EventSubscription";

struct Choice {
  bool fifo = false;
  std::string topicName = "news";  ///< "" = the service names it
  bool subscription = true;        ///< refers to the topic by a property that is given at creation only
  bool alarm = true;               ///< refers to it by one that can be left out
  bool events = false;             ///< refers to it by one that it cannot be without
  bool retainTopic = false;
  bool protectSubscription = false;
};

Json alarmProps(const Json& topic) {
  return {{"AlarmName", "loud"},
          {"ComparisonOperator", "GreaterThanThreshold"},
          {"EvaluationPeriods", 1},
          {"AlarmActions", Json::array({topic})}};
}

Task<> news(Host* host, Choice choice) {
  Json props = {{"FifoTopic", choice.fifo}};
  Options topicOptions, subscriptionOptions;
  topicOptions.retain = choice.retainTopic;
  subscriptionOptions.protect = choice.protectSubscription;
  if (!choice.topicName.empty()) props["TopicName"] = choice.topicName;
  auto topic = co_await declare(host, topicType, "topic", std::move(props), std::move(topicOptions));
  const auto arn = output(topic, "/TopicArn");
  if (choice.subscription) {
    Json subscription = {{"Protocol", "email"}, {"Endpoint", "a@example.com"}, {"TopicArn", arn}};
    (void)co_await declare(host, subscriptionType, "subscription", std::move(subscription),
                           std::move(subscriptionOptions));
  }
  if (choice.alarm) (void)co_await declare(host, alarmType, "alarm", alarmProps(arn));
  if (choice.events) (void)co_await declare(host, eventsType, "events", {{"SnsTopicArn", arn}});
}

Body program(Choice choice) {
  return [choice](Host* host) { return news(host, choice); };
}

const plan::Step& stepOf(const plan::Plan& plan, const std::string& id) {
  for (const auto& step : plan.steps)
    if (step.id == id) return step;
  ADD_FAILURE() << "no step for " << id;
  return plan.steps.front();
}

/// What was asked since `from`, by kind: "create AWS::SNS::Topic", "delete topic" for what had the
/// identifier.
std::vector<std::string> asked(Scenario& s, std::size_t from,
                               const std::map<std::string, std::string>& nameOf) {
  std::vector<std::string> out(s.cloud.log.begin() + static_cast<std::ptrdiff_t>(from), s.cloud.log.end());
  for (auto& line : out)
    for (const auto& [identifier, name] : nameOf)
      if (line.ends_with(" " + identifier))
        line.replace(line.size() - identifier.size(), std::string::npos, name);
  return out;
}

std::map<std::string, std::string> names(Scenario& s) {
  std::map<std::string, std::string> out;
  for (const auto& resource : s.records()) out[resource.identifier] = resource.id;
  return out;
}

/// Everything is there once, as recorded, and refers to the topic that stands.
void expectWhole(Scenario& s) {
  EXPECT_EQ(s.openEntries(), 0U);
  EXPECT_EQ(s.records().size(), 3U);
  EXPECT_EQ(s.cloud.resources.size(), 3U);
  const auto topic = s.recorded("topic").identifier;
  ASSERT_TRUE(s.cloud.resources.contains(topic));
  EXPECT_EQ(s.cloud.resources[topic].properties["FifoTopic"], true);
  EXPECT_EQ(s.cloud.resources[s.recorded("subscription").identifier].properties["TopicArn"], topic);
  EXPECT_EQ(s.cloud.resources["loud"].properties["AlarmActions"], Json::array({topic}));
}

TEST(CreateFirst, MakesTheNewOneMovesWhatRefersToItAndThenDeletesTheOldOne) {
  Scenario s;
  (void)s.deploy(program({.topicName = ""}));
  const auto known = names(s);
  const auto from = s.cloud.log.size();
  const auto plan = s.plan(program({.fifo = true, .topicName = ""}));
  EXPECT_EQ(Scenario::steps(plan), "replace topic, replace subscription, update alarm");
  EXPECT_EQ(stepOf(plan, "topic").order, plan::Order::createFirst);
  EXPECT_THAT(stepOf(plan, "topic").referredBy, ElementsAre("alarm", "subscription"));
  EXPECT_THAT(stepOf(plan, "topic").interruptions, IsEmpty());
  ASSERT_TRUE(s.deploy(program({.fifo = true, .topicName = ""})).ok());
  EXPECT_THAT(asked(s, from, known), ElementsAre("create AWS::SNS::Topic", "create AWS::SNS::Subscription",
                                                 "update alarm", "delete subscription", "delete topic"));
  expectWhole(s);
}

TEST(DeleteFirst, ShowsItsOrderItsReasonWhoRefersToItAndWhatIsMissingMeanwhile) {
  Scenario s;
  (void)s.deploy(program({}));
  const auto plan = s.plan(program({.fifo = true}));
  EXPECT_EQ(Scenario::steps(plan), "replace topic, replace subscription, update alarm");
  const auto& topic = stepOf(plan, "topic");
  EXPECT_THAT(topic.reasons, ElementsAre("fifoTopic cannot be changed in place"));
  EXPECT_EQ(topic.order, plan::Order::deleteFirst);
  EXPECT_EQ(topic.orderReason, "its topicName stays the same and must be unique");
  EXPECT_THAT(topic.referredBy, ElementsAre("alarm", "subscription"));
  EXPECT_THAT(topic.interruptions,
              ElementsAre("topic does not exist", "alarm is without its alarmActions[0]"));
  const auto& subscription = stepOf(plan, "subscription");
  EXPECT_EQ(subscription.order, plan::Order::deleteFirst);
  EXPECT_THAT(subscription.reasons,
              testing::Contains("topicArn refers to topic, which is deleted before it is made again"));
}

TEST(DeleteFirst, TakesReferencesOutOrDeletesTheirHoldersBeforeAndMakesThemAgainAfter) {
  Scenario s;
  (void)s.deploy(program({}));
  const auto known = names(s);
  const auto from = s.cloud.log.size();
  const auto result = s.deploy(program({.fifo = true}));
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result.done.replace, 2U);
  EXPECT_EQ(result.done.update, 1U);
  EXPECT_THAT(asked(s, from, known),
              ElementsAre("update alarm", "delete subscription", "delete topic", "create AWS::SNS::Topic",
                          "create AWS::SNS::Subscription", "update alarm"));
  expectWhole(s);
  EXPECT_EQ(Scenario::steps(s.plan(program({.fifo = true}))), "");
}

TEST(DeleteFirst, DeletesAHolderThatIsNoLongerDeclaredBeforeWhatItRefersTo) {
  Scenario s;
  (void)s.deploy(program({}));
  const auto known = names(s);
  const auto from = s.cloud.log.size();
  ASSERT_TRUE(s.deploy(program({.fifo = true, .subscription = false, .alarm = false})).ok());
  const auto log = asked(s, from, known);
  EXPECT_THAT(log, ElementsAre("update alarm", "delete subscription", "delete topic",
                               "create AWS::SNS::Topic", "delete alarm"));
  EXPECT_EQ(s.cloud.resources.size(), 1U);
}

TEST(DeleteFirst, RefusesWhereSomethingCannotBeWithoutIt) {
  Scenario s;
  (void)s.deploy(program({.events = true}));
  const auto asked = s.cloud.log.size();
  try {
    (void)s.plan(program({.fifo = true, .events = true}));
    FAIL() << "the plan was not refused";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::refused);
    EXPECT_THAT(error.what(), HasSubstr("events refers to it by snsTopicArn, which it cannot be without"));
  }
  EXPECT_EQ(s.cloud.log.size(), asked);
}

TEST(DeleteFirst, RefusesToDeleteAProtectedHolder) {
  Scenario s;
  const Choice protecting{.protectSubscription = true};
  (void)s.deploy(program(protecting));
  auto changed = protecting;
  changed.fifo = true;
  EXPECT_THROW((void)s.plan(program(changed)), Error);
  s.settings.overrideProtect = {"subscription"};
  EXPECT_TRUE(s.deploy(program(changed)).ok());
  expectWhole(s);
}

TEST(DeleteFirst, RefusesWhatIsToBeRetained) {
  Scenario s;
  const Choice retaining{.retainTopic = true};
  (void)s.deploy(program(retaining));
  auto changed = retaining;
  changed.fifo = true;
  try {
    (void)s.plan(program(changed));
    FAIL() << "the plan was not refused";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("topic is retained, but would have to be deleted"));
  }
}

TEST(CreateFirst, LeavesARetainedOldOneWhereItIs) {
  Scenario s;
  Choice retaining{.topicName = "", .subscription = false, .alarm = false, .retainTopic = true};
  (void)s.deploy(program(retaining));
  retaining.fifo = true;
  ASSERT_TRUE(s.deploy(program(retaining)).ok());
  EXPECT_EQ(s.records().size(), 1U);
  EXPECT_EQ(s.cloud.count(topicType), 2U);
}

TEST(CreateFirst, KeepsTheOldOneWhileALiveHolderRefusesToMoveAndFinishesWhenItIsFree) {
  Scenario s;
  const Choice before{.topicName = "", .subscription = false};
  auto after = before;
  after.fifo = true;
  (void)s.deploy(program(before));
  const auto old = s.recorded("topic").identifier;
  s.cloud.failing["loud"] = "ResourceConflict";
  const auto refused = s.deploy(program(after));
  EXPECT_EQ(refused.failed, 1U);
  EXPECT_TRUE(s.cloud.resources.contains(old));
  EXPECT_EQ(s.cloud.resources["loud"].properties["AlarmActions"], Json::array({old}));
  s.cloud.failing.clear();
  EXPECT_EQ(Scenario::steps(s.plan(program(after))), "update alarm, delete topic");
  ASSERT_TRUE(s.deploy(program(after)).ok());
  EXPECT_FALSE(s.cloud.resources.contains(old));
  EXPECT_EQ(s.cloud.count(topicType), 1U);
}

TEST(DeleteFirst, TouchesNothingWhereALiveHolderRefusesToLetGo) {
  Scenario s;
  (void)s.deploy(program({.subscription = false}));
  const auto old = s.recorded("topic").identifier;
  s.cloud.failing["loud"] = "ResourceConflict";
  EXPECT_FALSE(s.deploy(program({.fifo = true, .subscription = false})).ok());
  EXPECT_TRUE(s.cloud.resources.contains(old));
  s.cloud.failing.clear();
  EXPECT_TRUE(s.deploy(program({.fifo = true, .subscription = false})).ok());
  EXPECT_EQ(s.cloud.count(topicType), 1U);
}

/// Whether the name is the user's own, and whether the request at which it breaks is still done.
class InterruptedReplacement : public testing::TestWithParam<std::tuple<bool, bool>> {};

TEST_P(InterruptedReplacement, AtAnyRequestIsFinishedByTheNextRun) {
  const auto [named, done] = GetParam();
  const std::string name = named ? "news" : "";
  int points = 0;
  for (bool whole = false; !whole; ++points) {
    SCOPED_TRACE("broken after " + std::to_string(points) + " requests");
    Scenario s;
    ASSERT_TRUE(s.deploy(program({.topicName = name})).ok());
    s.cloud.requestsLeft = points;
    s.cloud.lastIsDone = done;
    whole = s.deploy(program({.fifo = true, .topicName = name})).ok();
    s.cloud.requestsLeft.reset();
    (void)s.plan(program({.fifo = true, .topicName = name}));
    ASSERT_TRUE(s.deploy(program({.fifo = true, .topicName = name})).ok());
    expectWhole(s);
    EXPECT_EQ(Scenario::steps(s.plan(program({.fifo = true, .topicName = name}))), "");
    ASSERT_TRUE(s.destroy().ok());
    EXPECT_THAT(s.cloud.resources, IsEmpty());
  }
  EXPECT_GT(points, 5);
}

INSTANTIATE_TEST_SUITE_P(InEitherOrder, InterruptedReplacement,
                         testing::Combine(testing::Bool(), testing::Bool()));

}  // namespace
}  // namespace athanor
