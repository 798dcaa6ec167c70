#include "cli/place.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace athanor::cli {
namespace {

namespace fs = std::filesystem;

class Places : public testing::Test {
 protected:
  Places() {
    std::string name = (fs::temp_directory_path() / "athanor-place-XXXXXX").string();
    folder = ::mkdtemp(name.data());
    fs::create_directories(folder / "shop" / "src");
    make("shop/package.json");
  }
  ~Places() override { fs::remove_all(folder); }
  void make(const char* path) const { std::ofstream(folder / path) << "\n"; }
  Place placed(Verb verb, const std::string& subject, const fs::path& directory,
               const std::string& app = "") const {
    Arguments arguments;
    arguments.verb = verb;
    arguments.subject = subject;
    arguments.app = app;
    return placeOf(arguments, folder / directory);
  }
  fs::path folder;
};

TEST_F(Places, NameTheAppByTheProgramsStem) {
  EXPECT_EQ(placed(Verb::deploy, "src/basic.ts", "shop").app, "basic");
  EXPECT_EQ(placed(Verb::deploy, "reconnect-window.ts", "shop").app, "reconnect-window");
  EXPECT_EQ(placed(Verb::deploy, "src/basic.ts", "shop", "mine").app, "mine");
}

TEST_F(Places, NameTheAppByTheFolderOfAProgramWithTheUsualName) {
  EXPECT_EQ(placed(Verb::deploy, "athanor.ts", "shop").app, "shop");
  EXPECT_EQ(placed(Verb::deploy, "../alchemy.run.ts", "shop/src").app, "shop");
  EXPECT_EQ(appOf("/athanor.ts"), "");
}

TEST_F(Places, FindTheProgramWithTheUsualName) {
  EXPECT_EQ(placed(Verb::deploy, "", "shop").program, "");
  make("shop/alchemy.run.ts");
  EXPECT_EQ(placed(Verb::deploy, "", "shop").program, folder / "shop/alchemy.run.ts");
  make("shop/athanor.ts");
  EXPECT_EQ(placed(Verb::destroy, "", "shop").program, folder / "shop/athanor.ts");
}

TEST_F(Places, KeepStateInTheNearestProjectAboveTheProgram) {
  EXPECT_EQ(placed(Verb::deploy, "shop/src/basic.ts", ".").folder, folder / "shop/.athanor");
  EXPECT_EQ(placed(Verb::stateList, "", "shop/src").folder, folder / "shop/.athanor");
  EXPECT_EQ(placed(Verb::deploy, "alone.ts", ".").folder, folder / ".athanor");
}

TEST_F(Places, DoNotNeedTheProgramToExist) {
  EXPECT_EQ(placed(Verb::destroy, "gone.ts", "shop").app, "gone");
  EXPECT_EQ(placed(Verb::destroy, "", "shop", "gone").app, "gone");
}

TEST_F(Places, DoNotTakeTheSubjectOfOtherCommandsForAProgram) {
  const auto place = placed(Verb::stateShow, "basic.ts", "shop");
  EXPECT_EQ(place.program, "");
  EXPECT_EQ(place.app, "");
}

}  // namespace
}  // namespace athanor::cli
