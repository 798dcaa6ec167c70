#include <SQLiteCpp/Database.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <rapidcheck.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

#include "state/conformance.h"
#include "state/export.h"
#include "state/scope_lock.h"
#include "state/sqlite_store.h"

namespace athanor::state {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

namespace {

class SqliteBackend : public Backend {
 public:
  std::unique_ptr<Store> open(Key key) override {
    return openSqlite(folder_ / ".athanor/state.sqlite", std::move(key));
  }
  void breakLock(const Scope& scope) override { fs::remove(folder_ / ".athanor/locks" / lockName(scope)); }
  std::string raw() override {
    std::string all;
    for (const auto& file : fs::recursive_directory_iterator(folder_.path()))
      if (file.is_regular_file()) all += contentOf(file.path());
    return all;
  }

 private:
  TemporaryFolder folder_;
};

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreConformance,
                         testing::Values<MakeBackend>([]() -> std::unique_ptr<Backend> {
                           return std::make_unique<SqliteBackend>();
                         }));

class SqliteStore : public testing::Test {
 protected:
  std::unique_ptr<Store> open() { return openSqlite(file, {folder / ".athanor/key", ""}); }
  /// A state with that many resources, all closed.
  void fill(int count) {
    auto lock = open()->lock(shop, "deploy");
    std::vector<Write> writes;
    writes.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) writes.emplace_back(Put{resource("r" + std::to_string(i))});
    commit(*lock, writes);
  }
  /// Every way of using the state fails with the same complaint and leaves the file as it is.
  void expectRefused(const std::string& what, const std::string& hint) {
    const auto before = contentOf(file);
    for (const auto& use :
         std::vector<std::function<void()>>{[&] { open()->resources(shop); }, [&] { open()->scopes(); },
                                            [&] { open()->lock(shop, "deploy"); }}) {
      const auto error = errorOf(use);
      ASSERT_TRUE(error);
      EXPECT_EQ(error->code(), ErrorCode::state);
      EXPECT_THAT(error->what(), HasSubstr(file.string()));
      EXPECT_THAT(error->what(), HasSubstr(what));
      EXPECT_THAT(error->hint(), HasSubstr(hint));
    }
    EXPECT_EQ(contentOf(file), before);
  }

  TemporaryFolder folder;
  const fs::path file = folder / ".athanor/state.sqlite";
  const Scope shop{"shop", "dev"};
};

TEST_F(SqliteStore, MakesNothingUntilSomethingIsLocked) {
  auto store = open();
  store->scopes();
  store->resources(shop);
  EXPECT_TRUE(fs::is_empty(folder.path()));
  store->lock(shop, "deploy");
  EXPECT_EQ(contentOf(folder / ".athanor/.gitignore"), "*\n");
  struct stat about{};
  ASSERT_EQ(stat(file.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600U);
}

TEST_F(SqliteStore, LeavesOneFileThatHoldsEverythingWhenItIsClosed) {
  fill(3);
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder / ".athanor"))
    names.push_back(entry.path().filename());
  EXPECT_THAT(names, testing::UnorderedElementsAre(".gitignore", "locks", "state.sqlite"));
}

TEST_F(SqliteStore, SeesAStateThatAnotherProcessMadeAfterItWasOpened) {
  auto store = open();
  EXPECT_THAT(store->resources(shop), IsEmpty());
  fill(1);
  EXPECT_THAT(idsOf(store->resources(shop)), ElementsAre("r0"));
}

TEST_F(SqliteStore, IsMadeOnceWhenSeveralProcessesMakeIt) {
  for (int round = 0; round < 10; ++round) {
    fs::remove_all(folder / ".athanor");
    const auto put = [&](const std::string& stage) {
      return [&, stage](const Child::Say&) {
        commit(*open()->lock({"shop", stage}, "deploy"), {Put{resource("a")}});
      };
    };
    Child one(put("one")), two(put("two"));
    EXPECT_TRUE(one.succeeded());
    EXPECT_TRUE(two.succeeded());
    EXPECT_EQ(open()->scopes().size(), 2U);
  }
}

// Damage

TEST_F(SqliteStore, OfANewerAthanorIsRefusedWithItsVersion) {
  fill(1);
  SQLite::Database(file.string(), SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 7");
  expectRefused("version 7", "Install a newer athanor");
}

TEST_F(SqliteStore, ThatWasTruncatedIsRefused) {
  fill(200);
  const auto size = fs::file_size(file);
  for (const auto left : {size - 1, size / 2, std::uintmax_t{4096}, std::uintmax_t{100}, std::uintmax_t{0}}) {
    SCOPED_TRACE(left);
    fs::resize_file(file, left);
    expectRefused("is damaged", "Put a backup of it in its place");
  }
}

TEST_F(SqliteStore, ThatIsNoDatabaseIsRefused) {
  fs::create_directories(folder / ".athanor");
  write(file, "{\"this\": \"is JSON\"}" + std::string(5000, ' '));
  expectRefused("file is not a database", "backup");
}

TEST_F(SqliteStore, ThatIsAnotherProgramsDatabaseIsRefused) {
  fs::create_directories(folder / ".athanor");
  SQLite::Database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("CREATE TABLE t (x)");
  expectRefused("not a state of Athanor's", "backup");
}

TEST_F(SqliteStore, WithOverwrittenPagesIsNeverReadAsIfItWereWhole) {
  fill(200);
  const auto whole = contentOf(file);
  const auto resources = open()->resources(shop);
  for (std::size_t page = 4096; page < whole.size(); page += 4096) {
    auto broken = whole;
    broken.replace(page, 4096, 4096, '\x5a');
    write(file, broken);
    try {  // a page that reading does not need may be broken
      EXPECT_EQ(open()->resources(shop), resources) << page;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::state);
      EXPECT_THAT(error.what(), HasSubstr("is damaged"));
    }
  }
}

TEST_F(SqliteStore, DeletedWhileInUseTakesNoMoreCommits) {
  auto store = open();
  auto lock = store->lock(shop, "deploy");
  commit(*lock, {Put{resource("a")}});
  fs::remove(file);
  const auto error = errorOf([&] { commit(*lock, {Put{resource("b")}}); });
  EXPECT_EQ(error->code(), ErrorCode::state);
  EXPECT_THAT(error->what(), HasSubstr("deleted or replaced"));
}

TEST_F(SqliteStore, ThatIsAFolderIsRefused) {
  fs::create_directories(file);
  EXPECT_EQ(errorOf([&] { open()->resources(shop); })->code(), ErrorCode::state);
}

// Permissions and space

/// Runs `work` as a user who owns nothing here; as the own user where the test is not root.
bool worksAsStranger(const std::function<void()>& work) {
  Child child([&](const Child::Say&) {
    constexpr uid_t nobody = 65534;
    if (geteuid() == 0 && (setegid(nobody) != 0 || seteuid(nobody) != 0))
      throw std::runtime_error("still root");
    work();
  });
  return child.succeeded();
}

/// In a child process gtest's expectations are lost: throw instead.
void require(bool truth, const std::string& otherwise) {
  if (!truth) throw std::runtime_error(otherwise);
}

void requireRefused(const std::function<void()>& work, const std::string& what) {
  try {
    work();
  } catch (const Error& error) {
    require(
        error.code() == ErrorCode::state && std::string(error.what()).contains(what) && !error.hint().empty(),
        error.what() + std::string(" / ") + error.hint());
    return;
  }
  throw std::runtime_error("it was not refused: " + what);
}

TEST_F(SqliteStore, ThatMayNotBeReadSaysSo) {
  fill(1);
  fs::permissions(folder.path(), fs::perms::all);
  fs::permissions(folder / ".athanor", fs::perms::all);
  fs::permissions(file, fs::perms::none);
  EXPECT_TRUE(
      worksAsStranger([&] { requireRefused([&] { open()->resources(shop); }, "Permission denied"); }));
}

TEST_F(SqliteStore, InAReadOnlyFolderIsReadButNotLocked) {
  fill(3);
  fs::permissions(folder.path(), fs::perms::owner_all | fs::perms::others_read | fs::perms::others_exec);
  const auto readOnly =
      fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read | fs::perms::others_exec;
  fs::permissions(file, fs::perms::owner_read | fs::perms::others_read);
  fs::permissions(folder / ".athanor/locks", readOnly);
  fs::permissions(folder / ".athanor", readOnly);
  EXPECT_TRUE(worksAsStranger([&] {
    require(open()->resources(shop).size() == 3, "not all was read");
    requireRefused([&] { open()->lock(shop, "deploy"); }, "Permission denied");
  }));
  fs::permissions(folder / ".athanor", fs::perms::owner_all);
}

TEST_F(SqliteStore, InAFolderThatCannotBeMadeSaysSo) {
  fs::permissions(folder.path(), fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_exec);
  EXPECT_TRUE(worksAsStranger([&] {
    require(open()->resources(shop).empty(), "nothing is there");
    requireRefused([&] { open()->lock(shop, "deploy"); }, "Permission denied");
  }));
}

TEST_F(SqliteStore, ThatMayNotGrowKeepsWhatWasCommitted) {
  fill(1);
  EXPECT_TRUE(Child([&](const Child::Say&) {
                auto lock = open()->lock(shop, "deploy");
                std::signal(SIGXFSZ, SIG_IGN);
                rlimit limit{};
                getrlimit(RLIMIT_FSIZE, &limit);
                limit.rlim_cur = 200'000;
                setrlimit(RLIMIT_FSIZE, &limit);
                requireRefused(
                    [&] {
                      for (int i = 1; i < 1000; ++i)
                        commit(*lock, {Put{resource("r" + std::to_string(i))}, Put{resource("twin")}});
                    },
                    "cannot be used");
              }).succeeded());
  const auto ids = idsOf(open()->resources(shop));
  EXPECT_GT(ids.size(), 3U);
  EXPECT_EQ(std::ranges::count(ids, "twin"), 1);
}

TEST_F(SqliteStore, OnAFullDiskKeepsWhatWasCommittedAndGoesOnWhenThereIsSpace) {
  fs::create_directories(folder / "disk");
  if (mount("none", (folder / "disk").c_str(), "tmpfs", 0, "size=1m") != 0)
    GTEST_SKIP() << "no small disk can be mounted here";
  {
    auto store = openSqlite(folder / "disk/.athanor/state.sqlite", {folder / "key", ""});
    auto lock = store->lock(shop, "deploy");
    write(folder / "disk/ballast", std::string(400'000, 'x'));
    std::size_t committed = 0;
    const auto error = errorOf([&] {
      for (;; ++committed) {
        auto begun = entry("e");
        commit(*lock, {Put{resource("r" + std::to_string(committed))}, Begin{&begun}});
      }
    });
    EXPECT_EQ(error->code(), ErrorCode::state);
    EXPECT_THAT(error->what(), HasSubstr("is full"));
    EXPECT_THAT(error->hint(), HasSubstr("Free some space"));
    EXPECT_GT(committed, 0U);
    EXPECT_EQ(store->resources(shop).size(), committed);
    EXPECT_EQ(store->journal(shop).size(), committed);
    fs::remove(folder / "disk/ballast");
    commit(*lock, {Put{resource("after")}});
    EXPECT_EQ(store->resources(shop).size(), committed + 1);
  }
  EXPECT_EQ(umount((folder / "disk").c_str()), 0);
}

TEST_F(SqliteStore, OnADiskThatIsFullFromTheStartLeavesNothingHalfMade) {
  fs::create_directories(folder / "disk");
  if (mount("none", (folder / "disk").c_str(), "tmpfs", 0, "size=64k") != 0)
    GTEST_SKIP() << "no small disk can be mounted here";
  const auto path = folder / "disk/.athanor/state.sqlite";
  {
    write(folder / "disk/ballast", std::string(48'000, 'x'));
    auto store = openSqlite(path, {folder / "key", ""});
    const auto error = errorOf([&] { store->lock(shop, "deploy"); });
    EXPECT_EQ(error->code(), ErrorCode::state);
    EXPECT_THAT(error->hint(), HasSubstr("Free some space"));
    EXPECT_FALSE(fs::exists(path));
    for (const auto& entry : fs::directory_iterator(folder / "disk/.athanor"))
      EXPECT_THAT(entry.path().filename().string(), testing::AnyOf("locks", ".gitignore"));
  }
  EXPECT_EQ(umount((folder / "disk").c_str()), 0);
}

// Locks

TEST(LockName, IsAFileNameOfItsOwnForEveryScope) {
  EXPECT_EQ(lockName({"shop", "dev"}), "shop.dev.lock");
  EXPECT_EQ(lockName({"a.b", "c/d"}), "a%2Eb.c%2Fd.lock");
  EXPECT_NE(lockName({std::string(500, 'x'), "dev"}), lockName({std::string(501, 'x'), "dev"}));
  ASSERT_TRUE(rc::check([](const std::string& app, const std::string& stage, const std::string& app2,
                           const std::string& stage2) {
    const Scope a{app, stage}, b{app2, stage2};
    RC_ASSERT(a == b || lockName(a) != lockName(b));
    RC_ASSERT(lockName(a).size() < 256);
    RC_ASSERT(lockName(a).find_first_of(std::string("/\0", 2)) == std::string::npos);
  }));
}

TEST_F(SqliteStore, LocksWhereADeadProcessLeftItsLockFile) {
  fs::create_directories(folder / ".athanor/locks");
  write(folder / ".athanor/locks" / lockName(shop),
        R"({"pid": 1, "host": "here", "command": "deploy", "since": "x"})");
  EXPECT_NO_THROW(open()->lock(shop, "deploy"));
}

TEST_F(SqliteStore, NamesNoHolderWhereTheLockFileDoesNot) {
  auto store = open();
  auto lock = store->lock(shop, "deploy");
  write(folder / ".athanor/locks" / lockName(shop), "[rubbish");
  EXPECT_THAT(errorOf([&] { store->lock(shop, "deploy"); })->what(), HasSubstr("another athanor process"));
}

// Export

TEST_F(SqliteStore, ExportsAScopeWithItsSecretsSealed) {
  auto store = open();
  auto lock = store->lock(shop, "deploy");
  auto begun = entry("half");
  commit(*lock, {Put{resource("key"), {"/Value"}}, Begin{&begun}, Note{"/live.ts", resource("key").target}});
  const auto json = exportScope(*store, shop);
  EXPECT_THAT(json.dump(), Not(HasSubstr("hush")));
  EXPECT_EQ(json["format"], 1);
  EXPECT_EQ(json["app"], "shop");
  EXPECT_EQ(json["stage"], "dev");
  EXPECT_EQ(json["program"], "/live.ts");
  EXPECT_EQ(json["target"], toJson(resource("key").target));
  EXPECT_THAT(json["updatedAt"].get<std::string>(), testing::MatchesRegex("20..-..-..T..:..:..Z"));
  EXPECT_EQ(json["resources"][0]["id"], "key");
  EXPECT_TRUE(json["resources"][0]["props"]["Value"].contains("$athanor.sealed"));
  EXPECT_EQ(json["journal"][0], Json::parse(R"({"sequence": 1, "id": "half", "generation": 1, "attempt": 2,
    "operation": "create", "type": "AWS::IVS::StreamKey", "identifier": "", "clientToken": "token-half",
    "requestToken": "", "begunAt": "2023-11-14T22:13:20Z"})"));
  EXPECT_EQ(errorOf([&] { exportScope(*store, {"shop", "other"}); })->code(), ErrorCode::notFound);
}

}  // namespace
}  // namespace athanor::state
