// Prints what the state costs on this machine. Argument: a folder on the disk to measure; default: here.
#include <SQLiteCpp/Database.h>
#include <fmt/format.h>

#include <chrono>
#include <filesystem>

#include "state/sqlite_store.h"

namespace {

using namespace athanor;
using Clock = std::chrono::steady_clock;

double millisecondsOf(const auto& work) {
  const auto start = Clock::now();
  work();
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// About as large as a recording configuration.
Resource resource(int number) {
  Resource resource;
  resource.id = fmt::format("recording{}", number);
  resource.type = "AWS::IVS::RecordingConfiguration";
  resource.identifier =
      fmt::format("arn:aws:ivs:eu-west-1:123456789012:recording-configuration/{:012}", number);
  resource.target = {"aws", "123456789012", "eu-west-1", ""};
  resource.props = {
      {"Name", resource.id},
      {"DestinationConfiguration", {{"S3", {{"BucketName", "recordings"}}}}},
      {"RecordingReconnectWindowSeconds", 60},
      {"ThumbnailConfiguration", {{"RecordingMode", "INTERVAL"}, {"TargetIntervalSeconds", 60}}},
      {"Tags", {{{"Key", "stage"}, {"Value", "dev"}}}}};
  resource.outputs = resource.props;
  resource.outputs["Arn"] = resource.identifier;
  resource.outputs["State"] = "ACTIVE";
  resource.source = {"/home/user/project/athanor.ts", number, 1};
  return resource;
}

void measureCommits(const std::filesystem::path& folder, const char* journalMode) {
  const auto file = folder / journalMode / "state.sqlite";
  const state::Scope scope{"bench", "dev"};
  state::openSqlite(file, {})->lock(scope, "bench");
  SQLite::Database(file.string(), SQLite::OPEN_READWRITE)
      .exec(fmt::format("PRAGMA journal_mode={}", journalMode));
  auto lock = state::openSqlite(file, {})->lock(scope, "bench");
  for (const int writes : {1, 10, 100}) {
    std::vector<state::Write> all;
    for (int i = 0; i < writes; ++i) all.emplace_back(state::Put{resource(i)});
    int commits = 0;
    const auto start = Clock::now();
    for (; Clock::now() - start < std::chrono::seconds(2); ++commits) lock->commit(all);
    const auto seconds = std::chrono::duration<double>(Clock::now() - start).count();
    fmt::print("  {:<6} {:>3} writes  {:>7.0f} commits/s  {:>8.0f} writes/s\n", journalMode, writes,
               commits / seconds, commits * writes / seconds);
  }
}

void measureReading(const std::filesystem::path& folder, int count) {
  const auto file = folder / fmt::format("read{}", count) / "state.sqlite";
  const state::Scope scope{"bench", "dev"};
  std::vector<state::Write> all;
  for (int i = 0; i < count; ++i) all.emplace_back(state::Put{resource(i)});
  const auto written =
      millisecondsOf([&] { state::openSqlite(file, {})->lock(scope, "bench")->commit(all); });
  auto store = state::openSqlite(file, {});
  const auto opened = millisecondsOf([&] { store->info(scope); });
  const auto read = millisecondsOf([&] { store->resources(scope); });
  const auto closed = millisecondsOf([&] { store.reset(); });
  store = state::openSqlite(file, {});
  std::unique_ptr<state::Lock> lock;
  const auto locked = millisecondsOf([&] { lock = store->lock(scope, "bench"); });
  store.reset();
  const auto released = millisecondsOf([&] { lock.reset(); });
  fmt::print(
      "  {:>6} resources: put {:.1f} ms in one commit; open {:.2f}, read {:.1f}, close {:.2f} ms; open and "
      "lock {:.2f}, "
      "unlock and close {:.2f} ms\n",
      count, written, opened, read, closed, locked, released);
}

void measureSealing(const std::filesystem::path& folder) {
  const std::string salt = state::Sealer::newSalt();
  const std::string body(1000, 'x');
  state::Sealer withFile({folder / "key", ""}, salt, {}), withPassword({"", "password"}, salt, {});
  const auto file = millisecondsOf([&] { withFile.ready(); });
  const auto password = millisecondsOf([&] { withPassword.ready(); });
  const auto sealed = millisecondsOf([&] {
    for (int i = 0; i < 10'000; ++i) withFile.seal(body);
  });
  fmt::print(
      "  key file made in {:.2f} ms; password stretched in {:.0f} ms; 1,000 bytes sealed in {:.2f} µs\n",
      file, password, sealed / 10);
}

}  // namespace

int main(int count, char** arguments) {
  const auto folder = std::filesystem::absolute(count > 1 ? arguments[1] : ".") / "state-bench";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  fmt::print("durable commits\n");
  measureCommits(folder, "wal");
  measureCommits(folder, "delete");
  fmt::print("reading\n");
  for (const int resources : {1, 1'000, 10'000}) measureReading(folder, resources);
  fmt::print("sealing\n");
  measureSealing(folder);
  std::filesystem::remove_all(folder);
}
