#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/scenario.h"

namespace athanor {
namespace {

using engine::Host;
using test::declare;
using test::Scenario;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using Body = test::ScriptedProgram::Body;

constexpr auto bucketType = "AWS::S3::Bucket";

/// Options of which a test names those that it is about.
struct Said {
  bool protect = false, retain = false, emptyOnDelete = false;
  std::vector<std::string> ignoreChanges = {};
  std::optional<std::chrono::seconds> timeout = {};
  std::string region = {}, profile = {};

  Options options() const {
    Options out;
    out.protect = protect;
    out.retain = retain;
    out.emptyOnDelete = emptyOnDelete;
    out.ignoreChanges = ignoreChanges;
    out.timeout = timeout;
    out.region = region;
    out.profile = profile;
    return out;
  }
};

Task<> declaring(Host* host, std::string type, Json props, Options options) {
  (void)co_await declare(host, type, "it", props, options);
}
Body one(const std::string& type, Json props, const Said& said = {}) {
  return [=, options = said.options()](Host* host) { return declaring(host, type, props, options); };
}
Body bucket(const Said& options = {}) { return one(bucketType, {{"BucketName", "clips"}}, options); }
Json tag(int n) { return {{{"Key", "n"}, {"Value", std::to_string(n)}}}; }
/// Its destination can be set when it is created only.
Body recording(int n, const Said& options = {}, const std::string& where = "clips") {
  return one("AWS::IVS::RecordingConfiguration",
             {{"DestinationConfiguration", {{"S3", {{"BucketName", where}}}}}, {"Tags", tag(n)}}, options);
}
/// All of it can be changed.
Body channel(int n, const Said& options = {}) {
  const Json multitrack = {
      {"Enabled", true}, {"Policy", "ALLOW"}, {"MaximumResolution", n == 1 ? "HD" : "FULL_HD"}};
  return one("AWS::IVS::Channel",
             {{"Name", "live-" + std::to_string(n)},
              {"MultitrackInputConfiguration", multitrack},
              {"ContainerFormat", "FRAGMENTED_MP4"},
              {"Tags", tag(n)}},
             options);
}
Said ignoring(std::vector<std::string> paths) { return {.ignoreChanges = std::move(paths)}; }
Task<> nothingAtAll(Host*) { co_return; }
const Body nothing = [](Host* host) { return nothingAtAll(host); };

Json& live(Scenario& s) { return s.cloud.resources.at(s.recorded("it").identifier).properties; }
std::string refusal(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.what();
  }
  return "not refused";
}

TEST(Protect, HoldsUntilAnEditOfItAloneLiftsIt) {
  Scenario s;
  ASSERT_TRUE(s.deploy(bucket({.protect = true})).ok());
  EXPECT_THAT(refusal([&] { (void)s.deploy(nothing); }), HasSubstr("protect"));
  EXPECT_THAT(refusal([&] { (void)s.destroy(); }), HasSubstr("protect"));
  const auto asked = s.cloud.log.size();
  EXPECT_EQ(Scenario::steps(s.plan(bucket())), "update it");
  ASSERT_TRUE(s.deploy(bucket()).ok());
  EXPECT_EQ(s.cloud.log.size(), asked);
  ASSERT_TRUE(s.deploy(nothing).ok());
  EXPECT_TRUE(s.cloud.resources.empty());
}

TEST(Retain, ThatWasEditedAloneLeavesTheResourceWhenItIsRemoved) {
  Scenario s;
  ASSERT_TRUE(s.deploy(bucket()).ok());
  EXPECT_EQ(Scenario::steps(s.plan(bucket({.retain = true}))), "update it");
  ASSERT_TRUE(s.deploy(bucket({.retain = true})).ok());
  ASSERT_TRUE(s.deploy(nothing).ok());
  EXPECT_TRUE(s.records().empty());
  EXPECT_EQ(s.cloud.resources.size(), 1U);
}

TEST(EmptyOnDelete, EmptiesABucketBeforeItIsDeleted) {
  Scenario s;
  ASSERT_TRUE(s.deploy(bucket()).ok());
  s.cloud.contents["clips"] = 3;
  EXPECT_FALSE(s.deploy(nothing).ok());
  EXPECT_EQ(s.recorded("it").identifier, "clips");
  ASSERT_TRUE(s.deploy(bucket({.emptyOnDelete = true})).ok());
  EXPECT_EQ(s.cloud.contents["clips"], 3) << "nothing is emptied before its deletion";
  EXPECT_TRUE(s.destroy().ok());
  EXPECT_TRUE(s.cloud.resources.empty());
  EXPECT_THAT(std::vector(s.cloud.log.end() - 2, s.cloud.log.end()),
              ElementsAre("empty clips", "delete clips"));
}

TEST(EmptyOnDelete, EmptiesTheBucketThatAReplacementLeaves) {
  Scenario s;
  ASSERT_TRUE(s.deploy(bucket({.emptyOnDelete = true})).ok());
  s.cloud.contents["clips"] = 3;
  ASSERT_TRUE(s.deploy(one(bucketType, {{"BucketName", "films"}}, {.emptyOnDelete = true})).ok());
  EXPECT_EQ(s.cloud.resources.size(), 1U);
  EXPECT_TRUE(s.cloud.resources.contains("films"));
}

TEST(EmptyOnDelete, LeavesTheBucketWhereSomethingInItCannotBeDeleted) {
  Scenario s;
  ASSERT_TRUE(s.deploy(bucket({.emptyOnDelete = true})).ok());
  s.cloud.contents["clips"] = 3;
  s.cloud.failing["empty"] = "AccessDenied";
  EXPECT_FALSE(s.deploy(nothing).ok());
  EXPECT_THAT(s.heard.failures, ElementsAre(HasSubstr("could not be deleted")));
  EXPECT_TRUE(s.cloud.resources.contains("clips"));
  EXPECT_EQ(s.recorded("it").identifier, "clips");
  EXPECT_EQ(s.openEntries(), 0U);
}

TEST(EmptyOnDelete, IsShownInThePlanOfADeletionAndOfAReplacement) {
  Scenario s;
  ASSERT_TRUE(s.deploy(bucket({.emptyOnDelete = true})).ok());
  const auto deletion = s.plan(nothing);
  ASSERT_EQ(deletion.steps.size(), 1U);
  EXPECT_TRUE(deletion.steps[0].empties);
  EXPECT_EQ(plan::toJson(deletion)["steps"][0]["empties"], true);
  const auto replacement = s.plan(one(bucketType, {{"BucketName", "films"}}, {.emptyOnDelete = true}));
  EXPECT_TRUE(replacement.steps[0].empties);
  ASSERT_TRUE(s.deploy(bucket({.retain = true, .emptyOnDelete = true})).ok());
  EXPECT_FALSE(s.plan(nothing).steps[0].empties) << "a retained bucket is only forgotten";
}

TEST(EmptyOnDelete, IsGivenUpAfterTheTimeoutAndGoesOnInTheNextRun) {
  using namespace std::chrono_literals;
  Scenario s;
  ASSERT_TRUE(s.deploy(bucket({.emptyOnDelete = true, .timeout = 60s})).ok());
  s.cloud.contents["clips"] = 30;
  s.cloud.latency = 3s;
  EXPECT_FALSE(s.deploy(nothing).ok());
  EXPECT_THAT(s.heard.failures, ElementsAre("it: clips was not emptied in time"));
  EXPECT_EQ(s.cloud.contents["clips"], 10);
  EXPECT_EQ(s.recorded("it").identifier, "clips");
  EXPECT_TRUE(s.deploy(nothing).ok());
  EXPECT_TRUE(s.records().empty());
}

TEST(EmptyOnDelete, IsForBucketsOnly) {
  Scenario s;
  try {
    (void)s.plan(recording(1, {.emptyOnDelete = true}));
    FAIL() << "not refused";
  } catch (const engine::InvalidProgram& invalid) {
    ASSERT_EQ(invalid.mistakes().size(), 1U);
    EXPECT_THAT(invalid.mistakes()[0].what(), HasSubstr("emptyOnDelete is for AWS::S3::Bucket only"));
  }
}

TEST(EmptyOnDelete, LeavesWhatIsRetained) {
  Scenario s;
  ASSERT_TRUE(s.deploy(bucket({.retain = true, .emptyOnDelete = true})).ok());
  s.cloud.contents["clips"] = 3;
  ASSERT_TRUE(s.deploy(nothing).ok());
  EXPECT_EQ(s.cloud.contents["clips"], 3);
}

TEST(IgnoreChanges, TakesAPropertyAPathAndAWholeList) {
  Scenario s;
  const auto options = ignoring({"/Name", "/MultitrackInputConfiguration/MaximumResolution", "/Tags"});
  ASSERT_TRUE(s.deploy(channel(1, options)).ok());
  EXPECT_EQ(Scenario::steps(s.plan(channel(2, options))), "");
  EXPECT_EQ(Scenario::steps(s.plan(channel(2, ignoring({"/Name", "/Tags"})))), "update it");
}

TEST(IgnoreChanges, TakesDriftThereForNothing) {
  Scenario s;
  const auto options = ignoring({"/Name"});
  ASSERT_TRUE(s.deploy(channel(1, options)).ok());
  live(s)["Name"] = "renamed";
  EXPECT_EQ(Scenario::steps(s.plan(channel(1, options))), "");
  live(s)["MultitrackInputConfiguration"]["MaximumResolution"] = "SD";
  EXPECT_EQ(Scenario::steps(s.plan(channel(1, options))), "update it");
}

TEST(IgnoreChanges, SendsNothingThereWhenSomethingElseIsUpdated) {
  Scenario s;
  const auto options = ignoring({"/Name", "/MultitrackInputConfiguration/MaximumResolution"});
  ASSERT_TRUE(s.deploy(channel(1, options)).ok());
  live(s)["Name"] = "renamed";
  ASSERT_TRUE(s.deploy(channel(2, options)).ok());  // its tag changes
  EXPECT_EQ(live(s)["Tags"], tag(2));
  EXPECT_EQ(live(s)["Name"], "renamed");
  EXPECT_EQ(live(s)["MultitrackInputConfiguration"]["MaximumResolution"], "HD");
  EXPECT_EQ(s.recorded("it").resolved()["Name"], "live-1") << "what was sent last";
  EXPECT_EQ(Scenario::steps(s.plan(channel(2, options))), "");
  EXPECT_EQ(Scenario::steps(s.plan(channel(2))), "update it");
}

TEST(IgnoreChanges, KeepsACreateOnlyPropertyFromReplacingTheResource) {
  Scenario s;
  const auto options = ignoring({"/DestinationConfiguration/S3/BucketName"});
  ASSERT_TRUE(s.deploy(recording(1, options)).ok());
  EXPECT_EQ(Scenario::steps(s.plan(recording(1, options, "films"))), "");
  ASSERT_TRUE(s.deploy(recording(2, options, "films")).ok());  // its tag changes
  EXPECT_EQ(s.recorded("it").generation, 1);
  EXPECT_EQ(live(s)["DestinationConfiguration"]["S3"]["BucketName"], "clips");
  EXPECT_EQ(Scenario::steps(s.plan(recording(2, {}, "films"))), "replace it");
}

TEST(IgnoreChanges, RecordsWhatWasSentAlsoWhereNothingElseChanged) {
  Scenario s;
  const auto options = ignoring({"/DestinationConfiguration/S3/BucketName"});
  ASSERT_TRUE(s.deploy(recording(1, options)).ok());
  ASSERT_TRUE(s.deploy(recording(1, options, "films")).ok());
  EXPECT_EQ(s.recorded("it").resolved()["DestinationConfiguration"]["S3"]["BucketName"], "clips");
  EXPECT_EQ(Scenario::steps(s.plan(recording(1, {}, "films"))), "replace it");
}

TEST(Timeout, LeavesAnOperationThatTakesLongerForTheNextRunToFinish) {
  using namespace std::chrono_literals;
  Scenario s;
  s.cloud.latency = 90s;
  EXPECT_FALSE(s.deploy(bucket({.timeout = 60s})).ok());
  EXPECT_THAT(s.heard.failures, ElementsAre(HasSubstr("took too long")));
  EXPECT_EQ(s.openEntries(), 1U);
  s.cloud.latency = 1s;
  runTask(s.loop, sleepFor(s.loop, 60s));
  ASSERT_TRUE(s.deploy(bucket({.timeout = 60s})).ok());
  EXPECT_EQ(s.openEntries(), 0U);
  EXPECT_EQ(s.recorded("it").identifier, "clips");
  EXPECT_EQ(std::ranges::count(s.cloud.log, "create AWS::S3::Bucket"), 1);
}

TEST(Timeout, ThatChangesIsRecordedAlone) {
  Scenario s;
  ASSERT_TRUE(s.deploy(bucket()).ok());
  const Said longer{.timeout = std::chrono::hours(2)};
  EXPECT_EQ(Scenario::steps(s.plan(bucket(longer))), "update it");
  ASSERT_TRUE(s.deploy(bucket(longer)).ok());
  EXPECT_EQ(s.recorded("it").options.timeout, std::chrono::hours(2));
  EXPECT_EQ(Scenario::steps(s.plan(bucket(longer))), "");
}

TEST(Region, ThatChangesMovesTheResource) {
  Scenario s;
  ASSERT_TRUE(s.deploy(recording(1)).ok());
  const auto plan = s.plan(recording(1, {.region = "eu-west-1"}));
  EXPECT_EQ(Scenario::steps(plan), "replace it");
  EXPECT_THAT(plan.steps.at(0).reasons, Contains(HasSubstr("us-east-1 to ")));
  ASSERT_TRUE(s.deploy(recording(1, {.region = "eu-west-1"})).ok());
  EXPECT_EQ(s.recorded("it").target.region, "eu-west-1");
  EXPECT_EQ(s.recorded("it").generation, 2);
  EXPECT_EQ(s.cloud.resources.size(), 1U);
}

TEST(Profile, ThatLeadsToTheSameAccountIsRecordedAlone) {
  Scenario s;
  ASSERT_TRUE(s.deploy(recording(1)).ok());
  EXPECT_EQ(Scenario::steps(s.plan(recording(1, {.profile = "media"}))), "update it");
  ASSERT_TRUE(s.deploy(recording(1, {.profile = "media"})).ok());
  EXPECT_EQ(s.recorded("it").options.profile, "media");
  EXPECT_EQ(s.recorded("it").generation, 1);
}

}  // namespace
}  // namespace athanor
