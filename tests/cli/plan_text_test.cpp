#include "cli/plan_text.h"

#include "base/reference.h"
#include "golden.h"

namespace athanor::cli {
namespace {

using plan::Action;

/// A type with a nested property, in AWS's casing, and one that is never read back.
struct FakeType {
  schema::Shape string, s3, root;
  schema::Type type;

  FakeType() {
    string.kind = schema::Kind::string;
    s3.kind = root.kind = schema::Kind::object;
    add(s3, "BucketName");
    add(root, "Password").writeOnly = true;
    add(root, "S3").shape = &s3;
    add(root, "Tags").shape = nullptr;
    type.name = "AWS::IVS::RecordingConfiguration";
    type.root = &root;
  }
  FakeType(const FakeType&) = delete;
  FakeType& operator=(const FakeType&) = delete;

 private:
  schema::Property& add(schema::Shape& to, const char* name) {
    auto& property = to.properties.emplace_back();
    property.name = name;
    property.shape = &string;
    return property;
  }
};

PlanLook look(const FakeType& fake, Style style) {
  return {style, "/home/me/video", [&fake](std::string_view) { return &fake.type; }};
}

plan::Step step(const char* id, Action action, int line) {
  plan::Step out{.id = id, .type = "AWS::IVS::RecordingConfiguration", .action = action};
  out.source = {"/home/me/video/basic.ts", line, 7};
  return out;
}

plan::Plan everything() {
  plan::Plan plan;
  plan.app = "basic";
  plan.stage = "dev";
  plan.target = {.account = "123456789012", .region = "us-east-1", .endpoint = "local:4f2a"};
  auto create = step("basicRecordingConfig", Action::create, 3);
  create.declaration.props = {{"S3", {{"BucketName", "my-video-recordings"}}},
                              {"Password", "hunter2"},
                              {"Tags", {{{"Key", "Project"}, {"Value", refer({"channel", "/Arn"})}}}}};
  auto update = step("channel", Action::update, 12);
  update.changes = {
      {.path = "name", .before = "old", .after = text({"of ", refer({"basicRecordingConfig", "/Name"})})},
      {.path = "recordingConfigurationArn",
       .before = nullptr,
       .after = refer({"basicRecordingConfig", "/Arn"})},
      {.path = "secret", .before = "a", .after = "b", .sensitive = true},
      {.path = "authorized", .before = true, .after = false, .drift = true},
      {.path = "tags",
       .before = Json::array({{{"Key", "Project"}, {"Value", "LiveStreaming"}}}),
       .after = Json::array({{{"Key", "Project"}, {"Value", "LiveStreaming"}},
                             {{"Key", "Owner"}, {"Value", "the video team"}}})}};
  auto replace = step("customReconnectConfig", Action::replace, 30);
  replace.reasons = {"recordingReconnectWindowSeconds cannot be changed in place"};
  replace.changes = {
      {.path = "recordingReconnectWindowSeconds", .before = 30, .after = 45, .replaces = true}};
  replace.order = plan::Order::deleteFirst;
  replace.orderReason = "its name is taken";
  replace.referredBy = {"channel", "kept"};
  replace.interruptions = {"customReconnectConfig does not exist",
                           "channel is without its recordingConfigurationArn"};
  auto remove = step("old\x1b[2J", Action::remove, 0);
  remove.source = {};
  remove.reasons = {"the program no longer declares it"};
  auto adopt = step("bucket", Action::adopt, 40);
  adopt.adopts = "their-bucket";
  plan.steps = {create, update, replace, adopt, step("kept", Action::keep, 50), remove};
  return plan;
}

TEST(PlanText, GroupsStepsAndShowsEachChange) {
  const FakeType fake;
  test::expectGolden("plan.txt", planText(everything(), look(fake, {})));
}

TEST(PlanText, IsColouredOnATerminal) {
  const FakeType fake;
  test::expectGolden("plan-colour.txt", planText(everything(), look(fake, {.colour = true, .width = 100})));
}

TEST(PlanText, OpensValuesThatDoNotFitANarrowTerminal) {
  const FakeType fake;
  test::expectGolden("plan-narrow.txt", planText(everything(), look(fake, {.colour = false, .width = 50})));
}

TEST(PlanText, SaysWhereThePreviewEndedAndWhatWasNotChecked) {
  const FakeType fake;
  auto plan = everything();
  plan.steps.resize(1);
  plan.endedEarly = "the program loops over channel.tags";
  plan.endedAt = {"/home/me/video/lib/loop.ts", 4, 12};
  plan.unchecked = true;
  test::expectGolden("plan-ended-early.txt", planText(plan, look(fake, {})));
}

TEST(PlanText, OfNothingToDoIsTheHeadingAndOneSentence) {
  const FakeType fake;
  auto plan = everything();
  plan.steps = {step("kept", Action::keep, 50)};
  EXPECT_EQ(planText(plan, look(fake, {})),
            "basic dev in local:4f2a/123456789012/us-east-1\n\nNothing to do: 1 resource is as declared.\n");
}

TEST(PlanText, CountsWhatWasNotSelected) {
  plan::Plan plan;
  plan.steps = {step("kept", Action::keep, 50), step("made", Action::create, 51)};
  plan.unselected = {"a", "b", "c"};
  EXPECT_EQ(summaryText(plan), "Plan: 1 to create, 1 unchanged, 3 not selected.");
  plan.steps.pop_back();
  EXPECT_EQ(summaryText(plan), "Plan: 1 unchanged, 3 not selected.");
}

TEST(PlanText, NeverCallsAPlanThatEndedEarlyNothingToDo) {
  plan::Plan plan;
  plan.endedEarly = "the program loops over channel.tags";
  EXPECT_EQ(summaryText(plan), "Plan: the rest decided during the deployment.");
}

TEST(PlanText, ShowsPlacesRelativeToTheFolderTheyLieIn) {
  EXPECT_EQ(placeText({"/a/b/c.ts", 1, 2}, "/a"), "b/c.ts:1:2");
  EXPECT_EQ(placeText({"/x/c.ts", 1, 2}, "/a"), "/x/c.ts:1:2");
  EXPECT_EQ(placeText({}, "/a"), "");
}

TEST(PlanText, HidesSecretsWhereverTheyStand) {
  plan::Plan plan;
  plan.steps.push_back({.id = "p", .type = "AWS::X::Y", .action = plan::Action::create});
  plan.steps[0].declaration.props = {{"Value", "hunter2"},
                                     {"List", {{{"Key", "k"}, {"Value", "swordfish"}}}}};
  plan.steps[0].declaration.secrets = {"/Value", "/List/0/Value"};
  const auto text = planText(plan, {{}, "/me", {}});
  EXPECT_EQ(text.find("hunter2"), std::string::npos) << text;
  EXPECT_EQ(text.find("swordfish"), std::string::npos) << text;
  EXPECT_NE(text.find("Value  (sensitive)"), std::string::npos) << text;
  EXPECT_NE(text.find(R"([{"Key": "k", "Value": (sensitive)}])"), std::string::npos) << text;
}

}  // namespace
}  // namespace athanor::cli
