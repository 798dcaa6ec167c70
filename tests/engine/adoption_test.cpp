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
using Body = test::ScriptedProgram::Body;

constexpr auto bucketType = "AWS::S3::Bucket";
constexpr auto configurationType = "AWS::IVS::RecordingConfiguration";
const std::string someArn = "arn:aws:ivs:us-east-1:123456789012:recording-configuration/a";

Task<> one(Host* host, std::string type, std::string id, Json props, Options options) {
  (void)co_await declare(host, std::move(type), std::move(id), std::move(props), std::move(options));
}
Body declaring(const std::string& type, const std::string& id, const Json& props, const Options& options) {
  return [=](Host* host) { return one(host, type, id, props, options); };
}
Options adopting(const std::string& identifier = "") {
  Options options;
  options.adopt = true;
  options.identifier = identifier;
  return options;
}
Json tags(const std::string& value) { return Json::array({{{"Key", "team"}, {"Value", value}}}); }
Json configuration(const Json& tags, int window = 30) {
  return {{"DestinationConfiguration", {{"S3", {{"BucketName", "clips"}}}}},
          {"RecordingReconnectWindowSeconds", window},
          {"Tags", tags}};
}
/// Something that stands and is not recorded.
void stands(Scenario& s, const std::string& type, const std::string& identifier, Json properties) {
  properties["$type"] = type;
  s.cloud.resources[identifier] = {identifier, std::move(properties)};
}
std::string refusalOf(Scenario& s, const Body& program) {
  try {
    (void)s.plan(program);
  } catch (const Error& error) {
    return error.what();
  }
  return "not refused";
}

TEST(Adoption, TakesOverWhatItsOwnNameIdentifiesWithNothingAskedWhereItIsAsDeclared) {
  Scenario s;
  stands(s, bucketType, "clips", {{"BucketName", "clips"}, {"ObjectLockEnabled", true}});
  const auto program = declaring(bucketType, "bucket", {{"BucketName", "clips"}}, adopting());
  EXPECT_EQ(Scenario::steps(s.plan(program)), "adopt bucket");
  const auto result = s.deploy(program);
  EXPECT_EQ(result.done.adopt, 1U);
  EXPECT_THAT(s.cloud.log, IsEmpty());
  EXPECT_EQ(s.recorded("bucket").identifier, "clips");
  EXPECT_EQ(Scenario::steps(s.plan(program)), "");
}

TEST(Adoption, PlansWhatItWouldChangeAndLeavesWhatTheProgramDoesNotName) {
  Scenario s;
  stands(s, bucketType, "clips",
         {{"BucketName", "clips"},
          {"AccelerateConfiguration", {{"AccelerationStatus", "Enabled"}}},
          {"VersioningConfiguration", {{"Status", "Suspended"}}}});
  const auto program =
      declaring(bucketType, "bucket",
                {{"BucketName", "clips"}, {"VersioningConfiguration", {{"Status", "Enabled"}}}}, adopting());
  const auto plan = s.plan(program);
  ASSERT_EQ(Scenario::steps(plan), "adopt bucket");
  EXPECT_EQ(plan.steps[0].adopts, "clips");
  ASSERT_EQ(plan.steps[0].changes.size(), 1U);
  EXPECT_EQ(plan.steps[0].changes[0].path, "versioningConfiguration.status");
  EXPECT_EQ(plan.steps[0].changes[0].before, "Suspended");
  EXPECT_EQ(plan.steps[0].changes[0].after, "Enabled");
  ASSERT_TRUE(s.deploy(program).ok());
  const auto& live = s.cloud.resources["clips"].properties;
  EXPECT_EQ(live["VersioningConfiguration"]["Status"], "Enabled");
  EXPECT_EQ(live["AccelerateConfiguration"]["AccelerationStatus"], "Enabled");
}

TEST(Adoption, CreatesWhereNothingExists) {
  Scenario s;
  EXPECT_EQ(s.deploy(declaring(bucketType, "bucket", {{"BucketName", "clips"}}, adopting())).done.create, 1U);
}

TEST(Adoption, IsNotDoneUnlessAskedFor) {
  Scenario s;
  stands(s, bucketType, "clips", {{"BucketName", "clips"}});
  EXPECT_FALSE(s.deploy(declaring(bucketType, "bucket", {{"BucketName", "clips"}}, {})).ok());
  EXPECT_THAT(s.heard.failures, ElementsAre(HasSubstr("AlreadyExists")));
  s.settings.adopt = true;
  EXPECT_TRUE(s.deploy(declaring(bucketType, "bucket", {{"BucketName", "clips"}}, {})).ok());
}

TEST(Adoption, TakesWhatTheOptionNames) {
  Scenario s;
  stands(s, configurationType, someArn, configuration(tags("a")));
  const auto program = declaring(configurationType, "recording", configuration(tags("a")), adopting(someArn));
  EXPECT_EQ(s.deploy(program).done.adopt, 1U);
  EXPECT_EQ(s.recorded("recording").identifier, someArn);
}

TEST(Adoption, OfSomethingNamedThatDoesNotExistIsAnErrorOfThePlan) {
  Scenario s;
  EXPECT_THAT(refusalOf(s, declaring(configurationType, "r", configuration(tags("a")), adopting(someArn))),
              HasSubstr("there is no AWS::IVS::RecordingConfiguration \"" + someArn + "\""));
}

TEST(Adoption, FindsTheOnlyOneThatHasItsTags) {
  Scenario s;
  stands(s, configurationType, someArn, configuration(tags("a")));
  stands(s, configurationType, someArn + "2", configuration(tags("b")));
  EXPECT_TRUE(s.deploy(declaring(configurationType, "r", configuration(tags("a")), adopting())).ok());
  EXPECT_EQ(s.recorded("r").identifier, someArn);
}

TEST(Adoption, RefusesToChooseAmongSeveralThatHaveItsTags) {
  Scenario s;
  stands(s, configurationType, someArn, configuration(tags("a")));
  stands(s, configurationType, someArn + "2", configuration(tags("a")));
  EXPECT_THAT(refusalOf(s, declaring(configurationType, "r", configuration(tags("a")), adopting())),
              HasSubstr("several have its tags: " + someArn + ", " + someArn + "2"));
}

constexpr auto queueType = "AWS::SQS::Queue";
void queueStands(Scenario& s, const std::string& url, const std::string& name) {
  stands(s, queueType, url, {{"QueueUrl", url}, {"QueueName", name}});
}

TEST(Adoption, FindsByItsUniqueNameWhatTheServiceIdentifiesOtherwise) {
  Scenario s;
  queueStands(s, "https://sqs/1/jobs", "jobs");
  queueStands(s, "https://sqs/1/other", "other");
  const auto program = declaring(queueType, "queue", {{"QueueName", "jobs"}}, adopting());
  EXPECT_EQ(Scenario::steps(s.plan(program)), "adopt queue");
  ASSERT_TRUE(s.deploy(program).ok());
  EXPECT_EQ(s.recorded("queue").identifier, "https://sqs/1/jobs");
  EXPECT_THAT(s.cloud.log, IsEmpty());
}

TEST(Adoption, CreatesWhereNothingHasItsUniqueName) {
  Scenario s;
  queueStands(s, "https://sqs/1/other", "other");
  EXPECT_EQ(Scenario::steps(s.plan(declaring(queueType, "queue", {{"QueueName", "jobs"}}, adopting()))),
            "create queue");
}

TEST(Adoption, RefusesToChooseAmongSeveralOfItsName) {
  Scenario s;
  queueStands(s, "https://sqs/1/jobs", "jobs");
  queueStands(s, "https://sqs/2/jobs", "jobs");
  EXPECT_THAT(refusalOf(s, declaring(queueType, "queue", {{"QueueName", "jobs"}}, adopting())),
              HasSubstr("several have its name: https://sqs/1/jobs, https://sqs/2/jobs"));
}

TEST(Adoption, RefusesWhatDiffersInAPropertyThatCannotBeChanged) {
  Scenario s;
  stands(s, configurationType, someArn, configuration(tags("a"), 60));
  EXPECT_THAT(refusalOf(s, declaring(configurationType, "r", configuration(tags("a"), 30), adopting())),
              HasSubstr("recordingReconnectWindowSeconds of " + someArn + " is 60, which cannot be changed"));
}

TEST(Adoption, RefusesWhatAnotherIdHasAlready) {
  Scenario s;
  (void)s.deploy(declaring(bucketType, "old", {{"BucketName", "clips"}}, {}));
  EXPECT_THAT(refusalOf(s, declaring(bucketType, "new", {{"BucketName", "clips"}}, adopting())),
              HasSubstr("clips is managed already, as old"));
}

TEST(Adoption, AheadOfWhatTheProgramThenDoesNotDeclareIsForgottenAndLeftStanding) {
  Scenario s;
  stands(s, bucketType, "clips", {{"BucketName", "clips"}});
  const Body fickle = [](Host* host) -> Task<> {
    if (host->previewing())
      (void)co_await declare(host, bucketType, "bucket", {{"BucketName", "clips"}}, adopting());
    else
      (void)co_await declare(host, bucketType, "other", {{"BucketName", "other-clips"}});
  };
  (void)s.deploy(fickle);
  EXPECT_TRUE(s.cloud.resources.contains("clips"));
  EXPECT_EQ(s.records().size(), 1U);
}

Task<> recorded(Host* host, std::string id, std::string from) {
  Options options;
  options.renamedFrom = std::move(from);
  auto recording =
      co_await declare(host, configurationType, std::move(id), configuration(tags("a")), options);
  Json props = {{"Name", "live"}, {"RecordingConfigurationArn", output(recording, "/Arn")}};
  (void)co_await declare(host, "AWS::IVS::Channel", "channel", std::move(props));
}
Body named(const std::string& id, const std::string& from = "") {
  return [=](Host* host) { return recorded(host, id, from); };
}

TEST(Renaming, MovesTheRecordWithItsReferencesAndAsksForNothing) {
  Scenario s;
  (void)s.deploy(named("before"));
  const auto identifier = s.recorded("before").identifier;
  const auto asked = s.cloud.log.size();
  const auto program = named("after", "before");
  EXPECT_EQ(Scenario::steps(s.plan(program)), "update after");
  ASSERT_TRUE(s.deploy(program).ok());
  EXPECT_EQ(s.cloud.log.size(), asked);
  EXPECT_EQ(s.records().size(), 2U);
  EXPECT_EQ(s.recorded("after").identifier, identifier);
  EXPECT_THAT(s.recorded("channel").dependsOn, ElementsAre("after"));
  EXPECT_EQ(s.recorded("channel").props["RecordingConfigurationArn"], refer({"after", "/Arn"}));
  EXPECT_EQ(Scenario::steps(s.plan(program)), "");
  EXPECT_EQ(Scenario::steps(s.plan(named("after"))), "");
}

TEST(Renaming, OnlyPlannedChangesNoRecord) {
  Scenario s;
  (void)s.deploy(named("before"));
  (void)s.plan(named("after", "before"));
  EXPECT_EQ(s.recorded("before").id, "before");
}

Task<> manyAndOne(Host* host, std::string id, std::string from) {
  for (int i = 0; i < 100; ++i)
    (void)co_await declare(host, bucketType, "b" + std::to_string(i),
                           {{"BucketName", "clips-" + std::to_string(i)}});
  co_await recorded(host, std::move(id), std::move(from));
}

/// The first answer is no longer as recorded, so the program runs again, and what is read waits for its turn.
TEST(Renaming, KeepsWhatIsReadOfThoseThatWaitForTheirTurn) {
  Scenario s;
  (void)s.deploy([](Host* host) { return manyAndOne(host, "z-before", ""); });
  s.cloud.resources.erase("clips-0");
  s.cloud.resources.erase(s.recorded("z-before").identifier);
  const Body program = [](Host* host) -> Task<> {
    (void)co_await host->get(bucketType, "clips-1", {}, {});
    co_await manyAndOne(host, "z-after", "z-before");
  };
  const auto plan = s.plan(program);
  EXPECT_EQ(Scenario::steps(plan), "create b0, create z-after, update channel");
  EXPECT_EQ(s.cloud.resources.size(), 100U) << "99 buckets and the channel";
}

TEST(Renaming, FromWhatIsStillDeclaredIsAMistake) {
  Scenario s;
  const Body both = [](Host* host) -> Task<> {
    co_await recorded(host, "before", "");
    Options options;
    options.renamedFrom = "before";
    (void)co_await declare(host, bucketType, "after", {{"BucketName", "x"}}, options);
  };
  EXPECT_THROW((void)s.plan(both), engine::InvalidProgram);
}

}  // namespace
}  // namespace athanor
