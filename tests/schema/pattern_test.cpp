#include "schema/pattern.h"

#include <gtest/gtest.h>

namespace athanor::schema {
namespace {

bool matches(const char* pattern, const std::string& text) { return Pattern(pattern).matches(text); }

TEST(Patterns, MatchAsEcmaScriptDoes) {
  EXPECT_TRUE(matches("^[a-z]+$", "abc"));
  EXPECT_FALSE(matches("^[a-z]+$", "abC"));
  EXPECT_TRUE(matches("b", "abc"));
  EXPECT_TRUE(matches("^(?!aws:).*$", "mine"));
  EXPECT_FALSE(matches("^(?!aws:).*$", "aws:x"));
}

TEST(Patterns, TakeAHyphenForItselfWhereItCannotBeARange) {
  EXPECT_TRUE(matches("^[a-zA-Z0-9-_]*$", "a-b_C"));
  EXPECT_FALSE(matches("^[a-zA-Z0-9-_]*$", "a b"));
  EXPECT_TRUE(matches("^[a-z0-9-.]+$", "my-bucket.x"));
  EXPECT_TRUE(matches("^[\\w-.]+$", "a-b."));
  EXPECT_TRUE(matches("^[+\\-=._:/@-]+$", "-@+"));
  EXPECT_FALSE(matches("^[+-9]+$", "*"));
}

TEST(Patterns, TakeABracketInAClassForItself) {
  EXPECT_TRUE(matches("^[[:a]+$", "[a:"));
  EXPECT_FALSE(matches("^[[:a]+$", "b"));
}

TEST(Patterns, EndOnlyWhereTheTextEnds) {
  EXPECT_FALSE(matches("^[a-z]+$", "abc\n"));
  EXPECT_FALSE(matches("^[a-z]+$", "abc\nABC"));
  EXPECT_FALSE(matches("^.*$", "a\nb"));
}

TEST(Patterns, CountCharactersAndNotBytes) {
  EXPECT_TRUE(matches("^.{3}$", "äöü"));
  EXPECT_TRUE(matches("^[\\u0020-\\uD7FF]*$", "abcä"));
  EXPECT_FALSE(matches("^[\\u0020-\\uD7FF]*$", "a\tb"));
}

TEST(Patterns, WhichAreNoneConstrainNothing) {
  EXPECT_TRUE(matches("*a(", "anything"));
  EXPECT_TRUE(matches("[z-a]", "anything"));
}

TEST(Patterns, NeitherCrashNorHangOnHostileText) {
  EXPECT_TRUE(matches("^(a|b)*$", std::string(16000, 'a')));
  EXPECT_TRUE(matches("^(a|b)*$", std::string(2'000'000, 'a')));
  (void)matches("^(a+)+$", std::string(64, 'a') + "!");
  (void)matches("^(([a-z])+.)+[A-Z]([a-z])+$", std::string(5000, 'a'));
}

}  // namespace
}  // namespace athanor::schema
