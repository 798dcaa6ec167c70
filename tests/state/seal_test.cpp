#include "state/seal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <sys/stat.h>

#include "state/folder.h"
#include "state/support.h"

namespace athanor::state {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Sealing : public testing::Test {
 protected:
  Sealer sealer(std::optional<KeyMark> mark = {}) {
    return Sealer({folder / "key", ""}, salt, std::move(mark));
  }
  TemporaryFolder folder;
  const std::string salt = std::string(Sealer::saltSize, 's');
};

TEST_F(Sealing, GivesBackWhatItSealed) {
  auto one = sealer(), two = sealer();
  ASSERT_TRUE(rc::check([&](const std::string& plain) {
    const auto sealed = one.seal(plain);
    RC_ASSERT(sealed != one.seal(plain));
    RC_ASSERT(two.open(sealed) == plain);
  }));
}

TEST_F(Sealing, NoticesEveryChangedByteAndEveryCut) {
  auto one = sealer();
  const auto sealed = one.seal("a secret");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    auto changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_EQ(errorOf([&] { one.open(changed); })->code(), ErrorCode::state) << "byte " << i;
    EXPECT_EQ(errorOf([&] { one.open(sealed.substr(0, i)); })->code(), ErrorCode::state) << "cut at " << i;
  }
}

TEST_F(Sealing, SaysThatANewerFormatNeedsANewerAthanor) {
  auto one = sealer();
  auto sealed = one.seal("x");
  sealed[0] = 2;
  EXPECT_THAT(errorOf([&] { one.open(sealed); })->hint(), HasSubstr("Install a newer athanor"));
}

TEST_F(Sealing, MakesAKeyThatOnlyItsOwnerCanReadWhenSomethingIsSealed) {
  auto one = sealer();
  EXPECT_FALSE(fs::exists(folder / "key"));
  EXPECT_FALSE(one.mark().has_value());
  one.seal("x");
  struct stat about{};
  ASSERT_EQ(stat((folder / "key").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600U);
  EXPECT_TRUE(one.mark().has_value());
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1) << "and leaves nothing else";
}

TEST_F(Sealing, RefusesAKeyThatOthersCanRead) {
  sealer().seal("x");
  fs::permissions(folder / "key", fs::perms::group_read, fs::perm_options::add);
  const auto error = errorOf([&] { sealer().seal("x"); });
  EXPECT_EQ(error->code(), ErrorCode::state);
  EXPECT_THAT(error->hint(), HasSubstr("chmod 600"));
}

TEST_F(Sealing, RefusesADamagedKeyAndKeepsIt) {
  write(folder / "key", "c2hvcnQ=\n");
  fs::permissions(folder / "key", fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_THAT(errorOf([&] { sealer().seal("x"); })->what(), HasSubstr("damaged"));
  EXPECT_EQ(contentOf(folder / "key"), "c2hvcnQ=\n");
}

TEST_F(Sealing, AgreesOnOneKeyWhenTwoProcessesMakeItAtOnce) {
  for (int round = 0; round < 20; ++round) {
    fs::remove(folder / "key");
    const auto sealed = [&](const std::string& name) {
      return [&, name](const Child::Say&) { write(folder / name, sealer().seal("from " + name)); };
    };
    Child one(sealed("one")), two(sealed("two"));
    ASSERT_TRUE(one.succeeded() && two.succeeded());
    auto reader = sealer();
    EXPECT_EQ(reader.open(contentOf(folder / "one")), "from one");
    EXPECT_EQ(reader.open(contentOf(folder / "two")), "from two");
  }
}

TEST_F(Sealing, WithAPasswordNeedsNoFile) {
  Sealer one({folder / "key", "open sesame"}, salt, {});
  const auto sealed = one.seal("x");
  EXPECT_FALSE(fs::exists(folder / "key"));
  Sealer same({folder / "key", "open sesame"}, salt, one.mark());
  EXPECT_EQ(same.open(sealed), "x");
  Sealer otherState({folder / "key", "open sesame"}, std::string(Sealer::saltSize, 't'), {});
  EXPECT_EQ(errorOf([&] { otherState.open(sealed); })->code(), ErrorCode::state);
  Sealer none({folder / "key", ""}, salt, one.mark());
  EXPECT_EQ(none.open(sealed), std::nullopt);
  EXPECT_FALSE(none.ready());
  EXPECT_THAT(errorOf([&] { none.seal("y"); })->what(), HasSubstr("ATHANOR_PASSWORD is not set"));
}

class Folder : public testing::Test {
 protected:
  TemporaryFolder top;
};

TEST_F(Folder, LiesInTheNearestFolderThatMarksAProject) {
  fs::create_directories(top / "project/.git");
  fs::create_directories(top / "project/services/live/src");
  EXPECT_EQ(folderOf(top / "project/services/live/src/live.ts"), top / "project/.athanor");
  write(top / "project/services/live/package.json", "{}");
  EXPECT_EQ(folderOf(top / "project/services/live/src/live.ts"), top / "project/services/live/.athanor");
  fs::create_directories(top / "project/services/live/src/.athanor");
  EXPECT_EQ(folderOf(top / "project/services/live/src/live.ts"), top / "project/services/live/src/.athanor");
}

TEST_F(Folder, LiesBesideAProgramThatIsInNoProject) {
  fs::create_directories(top / "loose");
  EXPECT_EQ(folderOf(top / "loose/live.ts"), top / "loose/.athanor");
}

TEST_F(Folder, IsForItsUserAloneAndOutOfVersionControl) {
  makeFolder(top / "a/.athanor");
  makeFolder(top / "a/.athanor");
  struct stat about{};
  ASSERT_EQ(stat((top / "a/.athanor").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0700U);
  EXPECT_EQ(contentOf(top / "a/.athanor/.gitignore"), "*\n");
  EXPECT_FALSE(fs::exists(top / "a/.gitignore"));
}

TEST_F(Folder, PutsNothingIntoAFolderOfTheUsersOwn) {
  makeFolder(top.path());
  EXPECT_TRUE(fs::is_empty(top.path()));
}

TEST_F(Folder, SaysWhatIsInTheWay) {
  write(top / "file", "");
  const auto error = errorOf([&] { makeFolder(top / "file/.athanor"); });
  EXPECT_EQ(error->code(), ErrorCode::state);
  EXPECT_THAT(error->what(), HasSubstr((top / "file").string()));
}

}  // namespace athanor::state
