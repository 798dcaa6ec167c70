#include "base/resource.h"

#include <gtest/gtest.h>

namespace athanor {
namespace {

const Json asTemplate = {{"Arn", {{"$athanor.ref", {{"id", "channel"}, {"path", "/Arn"}}}}}};
const Json asSent = {{"Arn", "arn:x"}};

TEST(Resource, HoldsWhatWasSentApartFromTheTemplateOnlyWhereTheyDiffer) {
  Resource resource;
  resource.setProps(asTemplate, asSent);
  EXPECT_FALSE(resource.sentAsDeclared());
  EXPECT_EQ(resource.props, asTemplate);
  EXPECT_EQ(resource.resolved(), asSent);
  resource.setProps(asSent, asSent);
  EXPECT_TRUE(resource.sentAsDeclared());
  EXPECT_EQ(&resource.resolved(), &resource.props);
}

TEST(Resource, IsTheSameReadBackFromJson) {
  Resource resource;
  resource.id = "key";
  resource.setProps(asTemplate, asSent);
  EXPECT_EQ(resourceFrom(toJson(resource)), resource);
  resource.setProps(asSent, asSent);
  EXPECT_EQ(toJson(resource)["resolved"], asSent);
  EXPECT_EQ(resourceFrom(toJson(resource)), resource);
}

}  // namespace
}  // namespace athanor
