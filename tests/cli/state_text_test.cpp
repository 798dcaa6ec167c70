#include "cli/state_text.h"

#include "base/reference.h"
#include "golden.h"

namespace athanor::cli {
namespace {

Resource resource(const char* id, Resource::Status status) {
  Resource out;
  out.id = id;
  out.type = "AWS::IVS::Channel";
  out.identifier = std::string("arn:aws:ivs:us-east-1:123456789012:channel/") + id;
  out.target = {.account = "123456789012", .region = "us-east-1", .endpoint = ""};
  out.status = status;
  return out;
}

TEST(StateText, ListsResourcesInColumns) {
  EXPECT_EQ(
      resourcesText({resource("a", Resource::Status::created), resource("long", Resource::Status::tainted)}),
      "a     AWS::IVS::Channel  arn:aws:ivs:us-east-1:123456789012:channel/a\n"
      "long  AWS::IVS::Channel  arn:aws:ivs:us-east-1:123456789012:channel/long  "
      "tainted: its creation failed, it will be replaced\n");
  EXPECT_EQ(resourcesText({}), "Nothing is deployed.\n");
}

TEST(StateText, ShowsAllOfAResourceButSealedValues) {
  auto shown = resource("channel", Resource::Status::leaving);
  shown.props = {{"Name", "live"}, {"RecordingConfigurationArn", refer({"config", "/Arn"})}};
  shown.outputs = {{"Key", {{"$athanor.sealed", "c2VjcmV0"}}}};
  shown.options.protect = true;
  shown.dependsOn = {"config", "bucket"};
  shown.source = {"/me/app.ts", 4, 2};
  test::expectGolden("resource.txt", resourceText(shown, {}, "/me"));
}

TEST(StateText, ListsAppsAndStages) {
  state::ScopeInfo info;
  info.scope = {"basic", "dev"};
  info.target = resource("", Resource::Status::created).target;
  info.resources = 1;
  info.updatedAt = std::chrono::system_clock::time_point(std::chrono::seconds(1'800'000'000));
  EXPECT_EQ(stagesText({info}), "basic  dev  1 resource  123456789012/us-east-1  2027-01-15T08:00:00Z\n");
}

}  // namespace
}  // namespace athanor::cli
