#include "plan/dependencies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

namespace athanor::plan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string arn = "arn:aws:ivs:us-east-1:123456789012:recording-configuration/abcdefghijkl";

TEST(KnownNames, AreFoundAsWholeStringsAndInsideOthers) {
  KnownNames names;
  names.add("recording", arn, {{"Arn", arn}});
  EXPECT_THAT(names.in({{"RecordingConfigurationArn", arn}}), ElementsAre("recording"));
  EXPECT_THAT(names.in({{"Policy", {{"Resource", Json::array({"x", arn + "/*"})}}}}),
              ElementsAre("recording"));
  EXPECT_THAT(names.in({{arn, true}}), ElementsAre("recording"));
  EXPECT_THAT(names.in({{"Name", "unrelated"}}), IsEmpty());
}

TEST(KnownNames, ThatAreShortCountOnlyAsWholeStrings) {
  KnownNames names;
  names.add("zone", "Z1", Json::object());
  EXPECT_THAT(names.in({{"Zone", "Z1"}}), ElementsAre("zone"));
  EXPECT_THAT(names.in({{"Zone", "Z12"}}), IsEmpty());
}

TEST(KnownNames, TakeEveryArnAmongTheOutputs) {
  KnownNames names;
  names.add("bucket", "my-own-bucket", {{"Arn", "arn:aws:s3:::my-own-bucket"}});
  EXPECT_THAT(names.in("arn:aws:s3:::my-own-bucket/recordings"), ElementsAre("bucket"));
}

TEST(Dependencies, AreReferencesNamesAndTheOptionTogether) {
  KnownNames names;
  names.add("recording", arn, Json::object());
  Declaration declaration;
  declaration.id = "channel";
  declaration.props = {{"A", refer({"policy", "/Arn"})}, {"B", arn}};
  declaration.options.dependsOn = {"bucket"};
  EXPECT_THAT(dependencies(declaration, names), ElementsAre("bucket", "policy", "recording"));
}

TEST(RecordedReferences, ComeBackWhereTheyStillResolveToTheValueGiven) {
  const Json before = {
      {"A", refer({"r", "/Arn"})}, {"B", {refer({"r", "/Arn"}), "x"}}, {"C", refer({"r", "/Arn"})}};
  const Json desired = {{"A", arn}, {"B", {arn, "x"}}, {"C", "another"}};
  const Json expected = {{"A", refer({"r", "/Arn"})}, {"B", {refer({"r", "/Arn"}), "x"}}, {"C", "another"}};
  EXPECT_EQ(withReferences(before, desired, [](const Reference&) { return Json(arn); }), expected);
}

Resource depending(std::string id, std::vector<std::string> on) {
  Resource resource;
  resource.id = std::move(id);
  resource.dependsOn = std::move(on);
  return resource;
}

TEST(DeleteOrder, PutsDependentsBeforeWhatTheyDependOn) {
  EXPECT_THAT(deleteOrder({depending("a", {}), depending("b", {"a"}), depending("c", {"a", "b"})}),
              ElementsAre(testing::UnorderedElementsAre(1, 2), ElementsAre(2), IsEmpty()));
}

RC_GTEST_PROP(DeleteOrder, NeverWaitsInACircleWhateverIsRecorded, ()) {
  const auto count = *rc::gen::inRange<std::size_t>(1, 12);
  std::vector<Resource> resources;
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<std::string> on;
    for (const auto j :
         *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, count)))
      on.push_back(std::to_string(j));
    resources.push_back(depending(std::to_string(i), on));
  }
  const auto before = deleteOrder(resources);
  std::set<std::size_t> gone;
  for (std::size_t round = 0; round < count; ++round)
    for (std::size_t i = 0; i < count; ++i)
      if (std::ranges::all_of(before[i], [&](std::size_t one) { return gone.contains(one); })) gone.insert(i);
  RC_ASSERT(gone.size() == count);
}

}  // namespace
}  // namespace athanor::plan
