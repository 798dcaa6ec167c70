#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/reference.h"
#include "engine/scenario.h"
#include "plan/saved.h"

namespace athanor {
namespace {

using engine::Host;
using test::declare;
using test::output;
using test::Scenario;
using testing::HasSubstr;
using Body = test::ScriptedProgram::Body;

Task<> live(Host* host, int window, bool bucket, std::string renamedFrom) {
  Options options;
  options.renamedFrom = renamedFrom;
  Json props = {{"DestinationConfiguration", {{"S3", {{"BucketName", "clips"}}}}},
                {"RecordingReconnectWindowSeconds", window}};
  const std::string id = renamedFrom.empty() ? "recording" : "recorded";
  auto recording = co_await declare(host, "AWS::IVS::RecordingConfiguration", id, std::move(props), options);
  Json channel = {{"Name", "live"}, {"RecordingConfigurationArn", output(recording, "/Arn")}};
  (void)co_await declare(host, "AWS::IVS::Channel", "channel", std::move(channel));
  if (bucket) (void)co_await declare(host, "AWS::S3::Bucket", "bucket", {{"BucketName", "clips"}});
}
Body program(int window = 30, bool bucket = true, const std::string& renamedFrom = "") {
  return [=](Host* host) { return live(host, window, bucket, renamedFrom); };
}

/// A plan as it comes back from where it was saved.
plan::Plan saved(Scenario& s, const Body& body) {
  s.settings.saving = true;
  auto plan = s.plan(body);
  s.settings.saving = false;
  return plan::savedFrom(Json::parse(plan::toSaved(plan).dump()));
}

std::string refusalOf(Scenario& s, plan::Plan plan) {
  try {
    (void)s.apply(std::move(plan));
  } catch (const Error& error) {
    return error.what();
  }
  return "not refused";
}

TEST(SavedPlan, IsCarriedOutWithoutItsProgram) {
  Scenario s;
  const auto result = s.apply(saved(s, program()));
  EXPECT_TRUE(result.ok());
  EXPECT_EQ(result.done.create, 3U);
  EXPECT_EQ(s.recorded("channel").outputs["RecordingConfigurationArn"], s.recorded("recording").identifier);
  EXPECT_EQ(Scenario::steps(s.plan(program())), "");
}

TEST(SavedPlan, UpdatesReplacesAndDeletesAsItShows) {
  Scenario s;
  ASSERT_TRUE(s.deploy(program()).ok());
  auto plan = saved(s, program(60, false));
  EXPECT_EQ(Scenario::steps(plan), "replace recording, update channel, delete bucket");
  EXPECT_TRUE(s.apply(std::move(plan)).ok());
  EXPECT_EQ(s.cloud.resources.size(), 2U);
  EXPECT_EQ(Scenario::steps(s.plan(program(60, false))), "");
}

TEST(SavedPlan, KeepsWhatIsUnchangedAsItIs) {
  Scenario s;
  ASSERT_TRUE(s.deploy(program()).ok());
  const auto asked = s.cloud.log.size();
  EXPECT_TRUE(s.apply(saved(s, program())).ok());
  EXPECT_EQ(s.cloud.log.size(), asked);
  EXPECT_EQ(s.records().size(), 3U);
}

TEST(SavedPlan, GivesTheIdsThatItsProgramGave) {
  Scenario s;
  ASSERT_TRUE(s.deploy(program()).ok());
  EXPECT_TRUE(s.apply(saved(s, program(30, true, "recording"))).ok());
  EXPECT_EQ(s.recorded("recorded").generation, 1);
  EXPECT_EQ(s.records().size(), 3U);
}

TEST(SavedPlan, DoesOnlyWhatWasSelected) {
  Scenario s;
  ASSERT_TRUE(s.deploy(program()).ok());
  s.settings.selection.targets = {"bucket"};
  auto plan = saved(s, program(60, false));
  s.settings.selection = {};
  EXPECT_TRUE(s.apply(std::move(plan)).ok());
  EXPECT_EQ(s.recorded("recording").generation, 1);
  EXPECT_EQ(s.records().size(), 2U);
}

TEST(SavedPlan, IsRefusedOnceTheStateHasMovedOn) {
  Scenario s;
  auto plan = saved(s, program());
  ASSERT_TRUE(s.deploy(program()).ok());
  EXPECT_THAT(refusalOf(s, std::move(plan)), HasSubstr("has been deployed or changed since"));
}

TEST(SavedPlan, IsRefusedForAnotherTarget) {
  Scenario s;
  auto plan = saved(s, program());
  s.cloud.where.region = "eu-west-1";
  EXPECT_THAT(refusalOf(s, std::move(plan)),
              HasSubstr("the plan was made for local:test/123456789012/us-east-1"));
}

TEST(SavedPlan, ThatIsNoneIsRefused) {
  EXPECT_THROW((void)plan::savedFrom({{"format", 1}}), Error);
  EXPECT_THROW((void)plan::savedFrom({{"format", 2}}), Error);
}

}  // namespace
}  // namespace athanor
