#include "cli/screen.h"

#include <gtest/gtest.h>

namespace athanor::cli {
namespace {

TEST(Screen, HidesTheCursorOnceAndShowsItAgainAtTheEnd) {
  Screen screen;
  EXPECT_EQ(screen.draw({"a"}, 80), "\x1b[?25la");
  EXPECT_EQ(screen.draw({"b"}, 80), "\r\x1b[Jb");
  EXPECT_EQ(screen.close(80), "\r\x1b[J\x1b[?25h");
  EXPECT_EQ(screen.close(80), "");
}

TEST(Screen, GoesBackOverEveryLineItDrew) {
  Screen screen;
  (void)screen.draw({"one", "two", "three"}, 80);
  EXPECT_EQ(screen.clear(80), "\r\x1b[2A\x1b[J");
}

TEST(Screen, GoesBackOverLinesThatANarrowedTerminalWrapped) {
  Screen screen;
  (void)screen.draw({std::string(70, 'x'), "two"}, 80);
  EXPECT_EQ(screen.clear(30), "\r\x1b[3A\x1b[J");
}

}  // namespace
}  // namespace athanor::cli
