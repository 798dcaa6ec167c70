#include "cli/value_text.h"

#include <gtest/gtest.h>

namespace athanor::cli {
namespace {

const Reference arn{"basicRecordingConfig", "/Arn"};

TEST(Values, AreShownAsJsonOnOneLine) {
  EXPECT_EQ(valueText({{"key", "a"}, {"values", {1, true}}}), R"({"key": "a", "values": [1, true]})");
  EXPECT_EQ(valueText("quo\"te\n"), R"("quo\"te\n")");
  EXPECT_EQ(valueText(Json::array()), "[]");
}

TEST(Values, ThatAreAbsentSaySo) { EXPECT_EQ(valueText(nullptr), "(none)"); }

TEST(Values, NotKnownYetNameWhereTheyComeFromAsTheProgramWritesIt) {
  EXPECT_EQ(valueText(refer(arn)), "(from basicRecordingConfig.arn)");
  EXPECT_EQ(valueText({{"x", refer({"db", "/Endpoint/DBPort"})}}), R"({"x": (from db.endpoint.dbPort)})");
  EXPECT_EQ(valueText(refer({"whole", ""})), "(from whole)");
}

TEST(Values, WithReferencesInATextAreShownAsATemplateString) {
  EXPECT_EQ(valueText(text({"key of ", refer(arn), "!"})), "`key of ${basicRecordingConfig.arn}!`");
}

TEST(Values, ShowTextThatIsNoUtf8WithoutFailing) {
  EXPECT_EQ(valueText("a\xff"
                      "b"),
            "\"a\uFFFDb\"");
}

TEST(Values, OverSeveralLinesAreIndentedByLevel) {
  EXPECT_EQ(valueLines({{"a", {1, 2}}, {"b", Json::object()}}),
            "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {}\n}");
}

}  // namespace
}  // namespace athanor::cli
