#include "base/reference.h"

#include <gtest/gtest.h>

namespace athanor {
namespace {

const Reference arn{"channel", "/Arn"};

TEST(References, StayInPropsUntilTheirValueIsKnown) {
  const Json props = {{"ChannelArn", refer(arn)}, {"Name", text({"key of ", refer(arn)})}};
  EXPECT_EQ(references(props), std::vector{arn});
  const auto known = substitute(props, [](const Reference&) { return Json("arn:x"); });
  EXPECT_EQ(known, Json({{"ChannelArn", "arn:x"}, {"Name", "key of arn:x"}}));
}

TEST(References, WithoutAValueStayAsTheyAre) {
  const Json props = {{"A", text({"a", refer(arn), "b"})}};
  EXPECT_EQ(substitute(props, [](const Reference&) { return std::nullopt; }), props);
  EXPECT_TRUE(hasUnknown(props));
}

TEST(References, InATextBecomeItsStringWhateverTheirType) {
  const auto known =
      substitute(text({"port ", refer({"a", "/Port"})}), [](const Reference&) { return Json(443); });
  EXPECT_EQ(known, Json("port 443"));
}

TEST(Text, WithoutReferencesIsAString) { EXPECT_EQ(text({"a", "b"}), Json("ab")); }

}  // namespace
}  // namespace athanor
