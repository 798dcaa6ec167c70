#include "schema/identifier.h"

#include <gtest/gtest.h>

#include "schema/catalogue.h"

namespace athanor::schema {
namespace {

TEST(Identifiers, AreTheirPartsJoinedInTheSchemasOrder) {
  const Catalogue catalogue;
  const auto& channel = *catalogue.find("AWS::IVS::Channel");
  EXPECT_EQ(identifierOf(channel, {{"Arn", "arn:x"}}), "arn:x");
  EXPECT_EQ(identifierOf(channel, {{"Name", "n"}}), std::nullopt);
  const auto& stage = *catalogue.find("AWS::ApiGateway::Stage");
  EXPECT_EQ(identifierOf(stage, {{"StageName", "dev"}, {"RestApiId", "r1"}}), "r1|dev");
  const auto& lens = *catalogue.find("AWS::S3::StorageLens");
  EXPECT_EQ(identifierOf(lens, {{"StorageLensConfiguration", {{"Id", "l"}}}}), "l");
}

TEST(Identifiers, AreReadInEveryForm) {
  const Catalogue catalogue;
  const auto& stage = *catalogue.find("AWS::ApiGateway::Stage");
  const Json parts = {{"RestApiId", "r1"}, {"StageName", "dev"}};
  EXPECT_EQ(identifierParts(stage, "r1|dev"), parts);
  EXPECT_EQ(identifierParts(stage, R"({"StageName":"dev","RestApiId":"r1"})"), parts);
  EXPECT_EQ(identifierParts(stage, "r1"), std::nullopt);
  EXPECT_EQ(identifierParts(stage, "r1|dev|more"), std::nullopt);
  EXPECT_EQ(identifierParts(stage, R"({"StageName":"dev"})"), std::nullopt);
  const auto& channel = *catalogue.find("AWS::IVS::Channel");
  EXPECT_EQ(identifierParts(channel, "a|b"), Json({{"Arn", "a|b"}}));
  EXPECT_EQ(identifierParts(channel, ""), std::nullopt);
}

}  // namespace
}  // namespace athanor::schema
