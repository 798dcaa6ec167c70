#include "plan/step.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plan/replacement.h"
#include "schema/catalogue.h"

namespace athanor::plan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class PlanStep : public testing::Test {
 protected:
  static Json props(int window) {
    return {{"DestinationConfiguration", {{"S3", {{"BucketName", "my-bucket"}}}}},
            {"RecordingReconnectWindowSeconds", window}};
  }
  Declaration declared(Json props) {
    Declaration declaration;
    declaration.type = type.name;
    declaration.id = "recording";
    declaration.props = std::move(props);
    return declaration;
  }
  Resource recorded(Json props) {
    Resource resource;
    resource.id = "recording";
    resource.type = type.name;
    resource.props = std::move(props);
    return resource;
  }
  Step plan(const Resource& before, Json after, Evidence::Live live = Evidence::Live::unchecked,
            Json liveProps = {}) {
    Evidence evidence;
    evidence.recorded = &before;
    evidence.live = live;
    evidence.liveProps = std::move(liveProps);
    evidence.sent = before.resolved();
    evidence.willChange = [this](const Reference&) { return producerChanges; };
    return planStep(type, declared(std::move(after)), evidence);
  }

  schema::Catalogue catalogue;
  const schema::Type& type = *catalogue.find("AWS::IVS::RecordingConfiguration");
  bool producerChanges = false;
};

TEST_F(PlanStep, CreatesWhatIsNotRecorded) {
  EXPECT_EQ(planStep(type, declared(props(30)), {}).action, Action::create);
}

TEST_F(PlanStep, KeepsWhatIsTheSame) {
  const auto step = plan(recorded(props(30)), props(30));
  EXPECT_EQ(step.action, Action::keep);
  EXPECT_THAT(step.changes, IsEmpty());
}

TEST_F(PlanStep, ReplacesForACreateOnlyPropertyAndShowsOldAndNew) {
  const auto step = plan(recorded(props(30)), props(45));
  ASSERT_EQ(step.action, Action::replace);
  ASSERT_EQ(step.changes.size(), 1U);
  EXPECT_EQ(step.changes[0].path, "recordingReconnectWindowSeconds");
  EXPECT_EQ(step.changes[0].before, 30);
  EXPECT_EQ(step.changes[0].after, 45);
}

TEST_F(PlanStep, CreatesAgainWhatIsGone) {
  EXPECT_EQ(plan(recorded(props(30)), props(30), Evidence::Live::gone).action, Action::create);
}

TEST_F(PlanStep, ReplacesWhatWasNotCreatedWhole) {
  auto tainted = recorded(props(30));
  tainted.status = Resource::Status::tainted;
  EXPECT_EQ(plan(tainted, props(30)).action, Action::replace);
}

TEST_F(PlanStep, ShowsDriftFromTheLiveValueToTheDeclaredOne) {
  auto tagged = props(30);
  tagged["Tags"] = {{{"Key", "a"}, {"Value", "1"}}};
  auto live = tagged;
  live["Tags"][0]["Value"] = "2";
  const auto step = plan(recorded(tagged), tagged, Evidence::Live::present, live);
  ASSERT_EQ(step.action, Action::update);
  EXPECT_TRUE(step.changes[0].drift);
  EXPECT_EQ(step.changes[0].after, tagged["Tags"]);
}

TEST_F(PlanStep, TakesACreateOnlyPropertyThatReadsDifferentlyForANormalisedValue) {
  auto live = props(30);
  live["DestinationConfiguration"]["S3"]["BucketName"] = "MY-BUCKET";
  EXPECT_EQ(plan(recorded(props(30)), props(30), Evidence::Live::present, live).action, Action::keep);
}

TEST_F(PlanStep, LeavesIgnoredChangesAlone) {
  auto before = recorded(props(30));
  auto after = declared(props(45));
  before.options.ignoreChanges = after.options.ignoreChanges = {"/RecordingReconnectWindowSeconds"};
  Evidence evidence;
  evidence.recorded = &before;
  EXPECT_EQ(planStep(type, after, evidence).action, Action::keep);
}

TEST_F(PlanStep, TakesAReferenceThatStoodThereBeforeForTheSameWhileItsProducerStays) {
  auto before = recorded(props(30));
  const auto reference = refer({"bucket", "/BucketName"});
  auto after = props(30);
  after["DestinationConfiguration"]["S3"]["BucketName"] = reference;
  before.setProps(after, props(30));
  EXPECT_EQ(plan(before, after).action, Action::keep);
  producerChanges = true;
  EXPECT_EQ(plan(before, after).action, Action::replace);
}

TEST_F(PlanStep, ChangesOptionsWithoutReplacing) {
  auto before = recorded(props(30));
  before.options.protect = true;
  const auto step = plan(before, props(30));
  EXPECT_EQ(step.action, Action::update);
  EXPECT_EQ(step.changes[0].path, "options.protect");
}

TEST_F(PlanStep, DeletesFirstWhatKeepsTheNameThatTheUserGaveIt) {
  const auto& bucket = *catalogue.find("AWS::S3::Bucket");
  Resource before;
  before.type = bucket.name;
  before.identifier = "my-bucket";
  Declaration after;
  after.type = bucket.name;
  after.props = {{"BucketName", "my-bucket"}};
  EXPECT_EQ(deletesFirstBecause(bucket, before, after), "its bucketName stays the same and must be unique");
  after.props["BucketName"] = "another";
  EXPECT_EQ(deletesFirstBecause(bucket, before, after), "");
}

TEST(PlanJson, HasTheDocumentedShape) {
  Plan plan;
  plan.app = "app";
  plan.stage = "dev";
  Step step;
  step.id = "a";
  step.type = "T";
  step.action = Action::update;
  step.changes = {{.path = "secret", .before = "x", .after = "y", .sensitive = true}};
  step.source = {"a.ts", 3, 1};
  plan.steps = {step};
  const auto json = toJson(plan);
  EXPECT_EQ(json["format"], 1);
  EXPECT_EQ(json["steps"][0]["action"], "update");
  EXPECT_EQ(json["steps"][0]["changes"][0]["new"], "(sensitive)");
  EXPECT_EQ(json["steps"][0]["source"], Json({{"file", "a.ts"}, {"line", 3}}));
  EXPECT_EQ(json["summary"]["update"], 1);
}

}  // namespace
}  // namespace athanor::plan
