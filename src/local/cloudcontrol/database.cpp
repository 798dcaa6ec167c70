#include "local/cloudcontrol/database.h"

#include <SQLiteCpp/Exception.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include "base/error.h"

namespace athanor::local::cloudcontrol {

namespace {

constexpr int format = 1;

constexpr const char* tables = R"(
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS resources (
  seq INTEGER PRIMARY KEY,
  account TEXT NOT NULL, region TEXT NOT NULL, type TEXT NOT NULL, identifier TEXT NOT NULL,
  model TEXT NOT NULL,          -- all of it
  visible TEXT,                 -- without write-only properties; NULL where that is the same
  visible_from INTEGER NOT NULL,
  implied INTEGER NOT NULL,     -- made along with another resource
  UNIQUE (account, region, type, identifier));
CREATE INDEX IF NOT EXISTS resources_listed ON resources (account, region, type, seq);
CREATE TABLE IF NOT EXISTS holds (seq INTEGER NOT NULL, held TEXT NOT NULL, PRIMARY KEY (seq, held)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS holds_held ON holds (held, seq);
CREATE TABLE IF NOT EXISTS operations (
  seq INTEGER PRIMARY KEY,
  token TEXT NOT NULL UNIQUE,
  account TEXT NOT NULL, region TEXT NOT NULL, type TEXT NOT NULL, identifier TEXT NOT NULL,
  verb INTEGER NOT NULL, status INTEGER NOT NULL, active INTEGER NOT NULL,
  accepted INTEGER NOT NULL, started INTEGER NOT NULL, due INTEGER NOT NULL, event INTEGER NOT NULL,
  named INTEGER NOT NULL, model TEXT NOT NULL, next TEXT NOT NULL,
  error TEXT NOT NULL, message TEXT NOT NULL, client_token TEXT NOT NULL, body_hash TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS operations_due ON operations (due) WHERE active = 1;
CREATE INDEX IF NOT EXISTS operations_active ON operations (identifier, type) WHERE active = 1;
CREATE INDEX IF NOT EXISTS operations_client ON operations (client_token) WHERE client_token <> '';
)";

SQLite::Database opened(const std::filesystem::path& file) {
  try {
    SQLite::Database out(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    // Nothing of a new file is worth waiting for the disk before the whole of it is there.
    out.exec("PRAGMA locking_mode=EXCLUSIVE; PRAGMA synchronous=OFF; PRAGMA cache_size=-8000");
    const int found = out.execAndGet("PRAGMA user_version").getInt();
    if (found > format)
      throw Error(ErrorCode::state,
                  fmt::format("{} was written by a newer Athanor (format {}, this one knows {})",
                              file.string(), found, format))
          .next("Use that Athanor, or another data folder.");
    out.exec("PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=4000");
    out.exec(tables);
    if (found < format) out.exec(fmt::format("PRAGMA user_version={}", format));
    out.exec("PRAGMA synchronous=NORMAL");
    if (found < format) out.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    return out;
  } catch (const SQLite::Exception& why) {
    throw Error(ErrorCode::state, fmt::format("{} cannot be used: {}", file.string(), why.what()))
        .next("Mend or move the file; without it, the local AWS starts empty.");
  }
}

}  // namespace

Database::Database(const std::filesystem::path& file)
    : sqlite_(opened(file)),
      begin_(sqlite_, "BEGIN IMMEDIATE"),
      commit_(sqlite_, "COMMIT"),
      rollback_(sqlite_, "ROLLBACK"),
      attempt_(sqlite_, "SAVEPOINT attempt"),
      keep_(sqlite_, "RELEASE attempt"),
      undo_(sqlite_, "ROLLBACK TO attempt") {}

void Database::begin() {
  if (open_) return;
  Use(begin_)->exec();
  open_ = true;
}

void Database::commit() {
  if (!open_) return;
  // An error inside of the batch (a full disk) may have ended it already: COMMIT then fails, as it should.
  try {
    Use(commit_)->exec();
  } catch (...) {
    rollback();
    throw;
  }
  open_ = false;
}

void Database::rollback() noexcept {
  open_ = false;
  if (sqlite3_get_autocommit(sqlite_.getHandle()) != 0) return;
  rollback_.tryReset();
  rollback_.tryExecuteStep();
  rollback_.tryReset();
}

std::string Database::id(const Sources& sources) {
  SQLite::Statement find(sqlite_, "SELECT value FROM meta WHERE name = 'id'");
  if (find.executeStep()) return find.getColumn(0).getString();
  auto made = uuid(sources);
  SQLite::Statement keep(sqlite_, "INSERT INTO meta (name, value) VALUES ('id', ?)");
  keep.bind(1, made);
  keep.exec();
  return made;
}

Attempt::Attempt(Database& database) : database_(database) { Use(database_.attempt_)->exec(); }

void Attempt::keep() {
  Use(database_.keep_)->exec();
  kept_ = true;
}

Attempt::~Attempt() {
  if (kept_) return;
  (void)Use(database_.undo_)->tryExecuteStep();
  (void)Use(database_.keep_)->tryExecuteStep();
}

std::int64_t milliseconds(Time time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

Time fromMilliseconds(std::int64_t since) { return Time(std::chrono::milliseconds(since)); }

}  // namespace athanor::local::cloudcontrol
