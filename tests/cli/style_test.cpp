#include "cli/style.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace athanor::cli {
namespace {

const Style coloured{.colour = true, .width = 80};

TEST(Style, PaintsOnlyWhereColoursAreShown) {
  EXPECT_EQ(paint({}, Ink::create, "+"), "+");
  EXPECT_EQ(paint(coloured, Ink::create, "+"), "\x1b[32m+\x1b[0m");
}

TEST(Style, CountsColumnsAsATerminalDoes) {
  EXPECT_EQ(columns("plain"), 5U);
  EXPECT_EQ(columns(paint(coloured, Ink::failure, "red")), 3U);
  EXPECT_EQ(columns("größe"), 5U);
  EXPECT_EQ(columns("e\u0301"), 1U);
  EXPECT_EQ(columns("動画"), 4U);
  EXPECT_EQ(columns("🎬"), 2U);
}

TEST(Style, ClipsWideTextWithoutSplittingACharacter) {
  EXPECT_EQ(clip("recording", 9), "recording");
  EXPECT_EQ(clip("recording", 5), "reco…");
  EXPECT_EQ(clip("動画です", 4), "動…");
  EXPECT_EQ(clip("x", 0), "");
}

TEST(Style, ClosesAColourThatItClips) {
  EXPECT_EQ(clip(paint(coloured, Ink::create, "created"), 4), "\x1b[32mcre…\x1b[0m");
}

RC_GTEST_PROP(Style, NeverClipsWiderThanAsked, (const std::string& text)) {
  const auto width = *rc::gen::inRange<std::size_t>(0, 40);
  RC_ASSERT(columns(clip(printable(text), width)) <= width);
}

TEST(Style, TakesControlCharactersOutOfForeignText) {
  EXPECT_EQ(printable("a\x1b[2Jb"), "a\uFFFD[2Jb");
  EXPECT_EQ(printable("a\tb\r\nc\rd"), "a  b\nc\uFFFDd");
  EXPECT_EQ(printable("\xc2\x9b"
                      "2J"),
            "\uFFFD"
            "2J");
  EXPECT_EQ(printable("größe"), "größe");
}

TEST(Style, IndentsEveryLineThatHasText) { EXPECT_EQ(indent("a\n\nb", "  "), "  a\n\n  b\n"); }

}  // namespace
}  // namespace athanor::cli
