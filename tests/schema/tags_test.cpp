#include "schema/tags.h"

#include <gtest/gtest.h>

#include "base/reference.h"
#include "schema/catalogue.h"
#include "schema/compare.h"
#include "schema/validate.h"

namespace athanor::schema {
namespace {

const Catalogue& catalogue() {
  static const Catalogue all;
  return all;
}
Json tagged(const char* type, const char* props, const Json& tags = {{"team", "video"}, {"stage", "prod"}}) {
  return withTags(*catalogue().find(type), Json::parse(props), tags);
}

TEST(DefaultTags, JoinAListOrAMap) {
  EXPECT_EQ(tagged("AWS::S3::Bucket", R"({"BucketName":"b"})"),
            Json::parse(R"({"BucketName":"b","Tags":[{"Key":"stage","Value":"prod"},
                            {"Key":"team","Value":"video"}]})"));
  EXPECT_EQ(tagged("AWS::ApiGatewayV2::Api", R"({"Tags":{"own":"1"}})"),
            Json::parse(R"({"Tags":{"own":"1","stage":"prod","team":"video"}})"));
  EXPECT_EQ(tagged("AWS::Glue::Connection", "{}")["Tags"], Json::parse(R"({"stage":"prod","team":"video"})"));
  EXPECT_EQ(tagged("AWS::Cognito::UserPool", "{}")["UserPoolTags"]["team"], "video");
}

TEST(DefaultTags, YieldToTheResourcesOwnOfTheSameKey) {
  EXPECT_EQ(tagged("AWS::S3::Bucket", R"({"Tags":[{"Key":"team","Value":"audio"}]})")["Tags"],
            Json::parse(R"([{"Key":"team","Value":"audio"},{"Key":"stage","Value":"prod"}])"));
  EXPECT_EQ(tagged("AWS::ApiGatewayV2::Api", R"({"Tags":{"team":"audio"}})")["Tags"]["team"], "audio");
}

TEST(DefaultTags, LeaveAloneWhatCannotTakeThem) {
  EXPECT_EQ(tagged("AWS::AutoScaling::AutoScalingGroup", R"({"MinSize":"1"})"), (Json{{"MinSize", "1"}}))
      << "its tags need PropagateAtLaunch as well";
  EXPECT_EQ(tagged("AWS::AppConfig::Extension", "{}"), Json::object()) << "other tags would replace it";
  EXPECT_EQ(tagged("AWS::S3::BucketPolicy", "{}"), Json::object());
  EXPECT_EQ(tagged("AWS::S3::Bucket", R"({"Tags":"mine"})"), (Json{{"Tags", "mine"}}));
  EXPECT_EQ(tagged("AWS::S3::Bucket", "{}", Json::object()), Json::object());
}

TEST(DefaultTags, MayBeValuesThatAreNotKnownYet) {
  const auto reference = refer({"channel", "/Arn"});
  EXPECT_EQ(tagged("AWS::S3::Bucket", "{}", {{"channel", reference}})["Tags"][0]["Value"], reference);
  const auto& bucket = *catalogue().find("AWS::S3::Bucket");
  EXPECT_TRUE(tagKeysKnown(bucket, Json{{"Tags", {{{"Key", "k"}, {"Value", reference}}}}}));
  EXPECT_FALSE(tagKeysKnown(bucket, Json{{"Tags", {{{"Key", reference}, {"Value", "v"}}}}}));
  EXPECT_FALSE(tagKeysKnown(bucket, Json{{"Tags", reference}}));
  EXPECT_EQ(withTags(bucket, {{"Tags", reference}}, {{"team", "video"}}), (Json{{"Tags", reference}}));
}

TEST(DefaultTags, NeverBreakOrReplaceAResourceOfAnyType) {
  const Json tags = {{"team", "video"}};
  int types = 0;
  catalogue().each([&](const Type& type) {
    const auto props = withTags(type, Json::object(), tags);
    if (props.empty()) return;
    ++types;
    for (const auto& problem : validate(type, props))
      EXPECT_FALSE(problem.pointer.starts_with("/" + type.tagProperty)) << type.name << problem.pointer;
    for (const auto& difference : compare(type, Json::object(), props))
      EXPECT_FALSE(difference.createOnly) << type.name;
  });
  EXPECT_GT(types, 1000);
}

}  // namespace
}  // namespace athanor::schema
