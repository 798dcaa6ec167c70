#include "engine/redaction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/reference.h"
#include "engine/import.h"
#include "engine/scenario.h"

namespace athanor::test {
namespace {

using engine::Redaction;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(Redaction, FindsSecretsInTextsHoweverTheyAreEscaped) {
  Redaction redaction;
  redaction.add(Json("hunter2!"));
  redaction.add(Json("say \"no\"\nplease"));
  redaction.add(Json("hunter2! and more"));
  EXPECT_EQ(redaction.text("a hunter2! b hunter2! and more."), "a (secret) b (secret).");
  const Json inner = {{"v", "say \"no\"\nplease"}};
  EXPECT_THAT(redaction.text(inner.dump()), Not(HasSubstr("please")));
  EXPECT_THAT(redaction.text(Json(inner.dump()).dump()), Not(HasSubstr("please")));
}

TEST(Redaction, FindsTheLinesOfASecretOfSeveral) {
  Redaction redaction;
  redaction.add(Json("-----BEGIN KEY-----\nMIIEvQIBADAN\nab\n"));
  EXPECT_EQ(redaction.text("MIIEvQIBADAN"), "(secret)");
  EXPECT_EQ(redaction.text("ab"), "ab");
}

TEST(Redaction, LeavesShortSecretsToTheirPlaces) {
  Redaction redaction;
  redaction.add(Json("abc"));
  EXPECT_EQ(redaction.text("abcdef"), "abcdef");
}

TEST(Redaction, NamesThePlacesThatHoldASecret) {
  Redaction redaction;
  redaction.add(Json({{"user", "admin"}, {"pin", 424242}}));
  const Json tree = {{"A", "user admin here"},
                     {"B", {1, 424242, "x"}},
                     {"C", {{"a/b", "admin"}}},
                     {"D", {{"admin", 1}}},
                     {"E", text({"to admin at ", refer({"c", "/Arn"})})}};
  EXPECT_THAT(redaction.pointers(tree), ElementsAre("/A", "/B/1", "/C/a~1b", "/D", "/E"));
  const auto shown = redaction.value(tree).dump();
  EXPECT_THAT(shown, Not(HasSubstr("admin")));
  EXPECT_THAT(shown, Not(HasSubstr("424242")));
}

constexpr auto parameter = "AWS::SSM::Parameter";
constexpr auto password = "correct horse battery";

/// A program with one parameter whose value is a secret.
ScriptedProgram::Body program(std::string value, std::string type = "String") {
  return [value = std::move(value), type = std::move(type)](engine::Host* host) {
    return [](engine::Host* on, std::string secret, std::string kind) -> Task<> {
      on->secret(Json(secret));
      Declaration declaration{.type = parameter,
                              .id = "p",
                              .props = {{"Name", "/p"}, {"Type", kind}, {"Value", secret}},
                              .options = {},
                              .source = {"/programs/scenario.ts", 1, 1},
                              .secrets = {"/Value"}};
      const auto outputs = co_await on->declare(std::move(declaration));
      on->print(false, "value: " + secret);
    }(host, value, type);
  };
}

TEST(Secrets, ThatChangeAreShownAsSensitive) {
  Scenario s;
  ASSERT_TRUE(s.deploy(program(password)).ok());
  EXPECT_THAT(s.heard.console_, ElementsAre("value: (secret)"));
  const auto plan = s.plan(program("another one of them"));
  ASSERT_EQ(plan.steps.at(0).changes.size(), 1U);
  EXPECT_TRUE(plan.steps[0].changes[0].sensitive);
  EXPECT_THAT(plan::toJson(plan).dump(), Not(HasSubstr("battery")));
  EXPECT_EQ(s.plan(program(password)).steps.at(0).action, plan::Action::keep);
}

TEST(Secrets, AreLeftOutOfMistakes) {
  Scenario s;
  try {
    (void)s.plan(program(password, password));
    FAIL() << "no mistake";
  } catch (const engine::InvalidProgram& invalid) {
    ASSERT_FALSE(invalid.mistakes().empty());
    for (const auto& mistake : invalid.mistakes()) EXPECT_THAT(mistake.what(), Not(HasSubstr("battery")));
  }
}

std::string failureOf(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.what();
  }
  return "it did not fail";
}

TEST(Secrets, AreLeftOutOfWhatDriftTellsAndThrows) {
  Scenario s;
  ASSERT_TRUE(s.deploy(program(password)).ok());
  s.cloud.unreadable[parameter] = "cannot show \"correct horse battery\"";
  EXPECT_EQ(s.drift().findings.at(0).reason, "cannot show \"(secret)\"");
  s.cloud.unreadable.clear();
  s.cloud.deaf = true;
  s.cloud.silence = "no answer to \"correct horse battery\"";
  EXPECT_EQ(failureOf([&] { (void)s.drift(); }), "no answer to \"(secret)\"");
}

TEST(Secrets, AreLeftOutOfWhatAnImportTellsAndThrows) {
  Scenario s;
  ASSERT_TRUE(s.deploy(program(password)).ok());
  s.cloud.resources["/q"] = {"/q", {{"$type", parameter}, {"Name", "/q"}}};
  s.cloud.unreadable[parameter] = "cannot show \"correct horse battery\"";
  const auto& type = *s.catalogue.find(parameter);
  engine::Import import(s.context(), s.settings);
  const auto all = runTask(s.loop, import.all(&type));
  EXPECT_THAT(all.notes, ElementsAre("/q cannot be read: cannot show \"(secret)\""));
  EXPECT_EQ(failureOf([&] { (void)runTask(s.loop, import.one(&type, "/q", "q")); }),
            "cannot show \"(secret)\"");
}

TEST(Secrets, CannotIdentifyAResource) {
  Scenario s;
  const auto named = [](engine::Host* host) -> Task<> {
    Declaration declaration{.type = parameter,
                            .id = "p",
                            .props = {{"Name", "abc"}, {"Type", "String"}, {"Value", "v"}},
                            .options = {},
                            .source = {"/programs/scenario.ts", 1, 1},
                            .secrets = {"/Name"}};
    (void)co_await host->declare(std::move(declaration));
  };
  try {
    (void)s.plan(named);
    FAIL() << "no mistake";
  } catch (const engine::InvalidProgram& invalid) {
    ASSERT_EQ(invalid.mistakes().size(), 1U);
    EXPECT_THAT(invalid.mistakes()[0].what(), HasSubstr("name cannot be a secret"));
  }
}

}  // namespace
}  // namespace athanor::test
