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
using testing::UnorderedElementsAre;
using Body = test::ScriptedProgram::Body;

Json configuration(int window) {
  return {{"DestinationConfiguration", {{"S3", {{"BucketName", "clips"}}}}},
          {"RecordingReconnectWindowSeconds", window}};
}

/// A recording, a channel that records by it, and a bucket that has to do with neither.
Task<> live(Host* host, int window, std::string name, bool bucket) {
  auto recording =
      co_await declare(host, "AWS::IVS::RecordingConfiguration", "recording", configuration(window));
  Json props = {{"Name", name}, {"RecordingConfigurationArn", output(recording, "/Arn")}};
  (void)co_await declare(host, "AWS::IVS::Channel", "channel", std::move(props));
  if (bucket) (void)co_await declare(host, "AWS::S3::Bucket", "bucket", {{"BucketName", name + "-clips"}});
}
Body program(int window = 30, const std::string& name = "live", bool bucket = true) {
  return [=](Host* host) { return live(host, window, name, bucket); };
}
std::vector<std::string> ids(Scenario& s) {
  std::vector<std::string> out;
  for (const auto& resource : s.records()) out.push_back(resource.id);
  return out;
}

TEST(Target, IsDeployedWithWhatItNeedsAndNothingElse) {
  Scenario s;
  s.settings.selection.targets = {"channel"};
  const auto plan = s.plan(program());
  EXPECT_EQ(Scenario::steps(plan), "create recording, create channel");
  EXPECT_THAT(plan.unselected, ElementsAre("bucket"));
  ASSERT_TRUE(s.deploy(program()).ok());
  EXPECT_THAT(ids(s), UnorderedElementsAre("recording", "channel"));
}

TEST(Target, LeavesWhatNeedsItAndWhatIsNoLongerDeclared) {
  Scenario s;
  (void)s.deploy(program());
  s.settings.selection.targets = {"recording"};
  ASSERT_TRUE(s.deploy(program(30, "other", false)).ok());
  EXPECT_EQ(s.recorded("channel").outputs["Name"], "live");
  EXPECT_EQ(s.cloud.resources.size(), 3U);
}

TEST(Target, ThatIsReplacedTakesThoseThatReferToItAlong) {
  Scenario s;
  (void)s.deploy(program());
  s.settings.selection.targets = {"recording"};
  EXPECT_EQ(Scenario::steps(s.plan(program(60, "live"))), "replace recording, update channel");
  ASSERT_TRUE(s.deploy(program(60, "live")).ok());
  EXPECT_EQ(s.cloud.resources.size(), 3U);
}

TEST(Target, MayBeADelete) {
  Scenario s;
  (void)s.deploy(program());
  s.settings.selection.targets = {"bucket"};
  EXPECT_EQ(Scenario::steps(s.plan(program(60, "other", false))), "delete bucket");
  ASSERT_TRUE(s.deploy(program(60, "other", false)).ok());
  EXPECT_THAT(ids(s), UnorderedElementsAre("recording", "channel"));
  EXPECT_EQ(s.recorded("recording").generation, 1);
}

TEST(Target, OfADestroyGoesWithWhatNeedsIt) {
  Scenario s;
  (void)s.deploy(program());
  s.settings.selection.targets = {"recording"};
  EXPECT_TRUE(s.destroy().ok());
  EXPECT_THAT(ids(s), ElementsAre("bucket"));
}

TEST(Target, ThatNothingIsCalledIsRefused) {
  Scenario s;
  s.settings.selection.targets = {"chanel"};
  EXPECT_THROW((void)s.plan(program()), Error);
}

TEST(Exclude, LeavesItAndWhatNeedsIt) {
  Scenario s;
  s.settings.selection.excluded = {"recording"};
  EXPECT_EQ(Scenario::steps(s.plan(program())), "create bucket");
  ASSERT_TRUE(s.deploy(program()).ok());
  EXPECT_THAT(ids(s), ElementsAre("bucket"));
}

TEST(Exclude, LeavesADeletionUndone) {
  Scenario s;
  (void)s.deploy(program());
  s.settings.selection.excluded = {"bucket"};
  ASSERT_TRUE(s.deploy(program(30, "other", false)).ok());
  EXPECT_EQ(s.recorded("channel").outputs["Name"], "other");
  EXPECT_EQ(s.cloud.resources.size(), 3U);
}

Task<> needing(Host* host) {
  auto recording = co_await declare(host, "AWS::IVS::RecordingConfiguration", "recording", configuration(30));
  if (output(recording, "/Arn").is_object()) {
    host->needed("recording.arn", {"/programs/scenario.ts", 2, 1});
    throw test::EndOfPass();
  }
  (void)co_await declare(host, "AWS::S3::Bucket", "bucket", {{"BucketName", "clips"}});
}

TEST(Exclude, EndsTheProgramWhereItNeedsWhatWasLeftOut) {
  Scenario s;
  s.settings.selection.excluded = {"recording"};
  const auto result = s.deploy([](Host* host) { return needing(host); });
  EXPECT_TRUE(result.ok());
  EXPECT_THAT(s.heard.notes, ElementsAre(HasSubstr("the program went no further than")));
  EXPECT_TRUE(s.records().empty());
}

}  // namespace
}  // namespace athanor
