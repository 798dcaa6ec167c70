#include "state/database.h"

#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Transaction.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/json.h"
#include "state/files.h"
#include "state/seal.h"

namespace athanor::state {

namespace fs = std::filesystem;

namespace {

constexpr int schemaVersion = 1;
constexpr int applicationId = 0x4174686e;  // "Athn"
constexpr int patience = 10'000;           // milliseconds that a commit waits for another one's

// `fence` counts the commits of a scope. Entries keep their sequence for ever (AUTOINCREMENT). From `id` on,
// both tables hold a Resource, in an entry the one it intends; `resolved` is NULL where it equals `props`.
// `sealed_at` names, beside `secrets`, what else of it is sealed.
constexpr auto schema = R"(
CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE scope (
  number INTEGER PRIMARY KEY, app TEXT NOT NULL, stage TEXT NOT NULL, fence INTEGER NOT NULL,
  program TEXT NOT NULL DEFAULT '', target TEXT NOT NULL DEFAULT '{}', updated INTEGER NOT NULL DEFAULT 0,
  UNIQUE (app, stage));
CREATE TABLE resource (
  position INTEGER PRIMARY KEY, scope INTEGER NOT NULL REFERENCES scope,
  id TEXT NOT NULL, generation INTEGER NOT NULL, type TEXT NOT NULL, identifier TEXT NOT NULL,
  partition TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, endpoint TEXT NOT NULL,
  options TEXT NOT NULL, depends_on TEXT NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL, col INTEGER NOT NULL,
  status TEXT NOT NULL, props TEXT NOT NULL, resolved TEXT, outputs TEXT NOT NULL,
  secrets TEXT NOT NULL, sealed_at TEXT NOT NULL,
  UNIQUE (scope, id, generation));
CREATE INDEX resource_scope ON resource (scope);
CREATE TABLE entry (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT, scope INTEGER NOT NULL REFERENCES scope,
  attempt INTEGER NOT NULL, operation TEXT NOT NULL, known_identifier TEXT NOT NULL, client_token TEXT NOT NULL,
  request_token TEXT NOT NULL, begun INTEGER NOT NULL, body BLOB NOT NULL, sealed INTEGER NOT NULL,
  id TEXT NOT NULL, generation INTEGER NOT NULL, type TEXT NOT NULL, identifier TEXT NOT NULL,
  partition TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, endpoint TEXT NOT NULL,
  options TEXT NOT NULL, depends_on TEXT NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL, col INTEGER NOT NULL,
  status TEXT NOT NULL, props TEXT NOT NULL, resolved TEXT, outputs TEXT NOT NULL,
  secrets TEXT NOT NULL, sealed_at TEXT NOT NULL);
CREATE INDEX entry_scope ON entry (scope);
)";

constexpr auto permissionHint =
    "Give yourself permission to read and write it and its folder, or run as its owner.";

/// With the rights that opening has (access() asks for those of the user behind a set-user-id program).
bool may(int mode, const fs::path& path) {
  return ::faccessat(AT_FDCWD, path.c_str(), mode, AT_EACCESS) == 0;
}

Error damaged(const fs::path& path, const std::string& why) {
  return Error(ErrorCode::state, fmt::format("the state {} is damaged: {}", path.string(), why))
      .next(
          "It was left as it is. Put a backup of it in its place (with its -wal file, if the backup has "
          "one). "
          "Without one, move it away and adopt the resources that exist (option `adopt`).");
}

Error explained(const SQLite::Exception& failure, const fs::path& path, int systemError) {
  const std::string name = path.string();
  switch (failure.getErrorCode() & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return damaged(path, failure.what());
    case SQLITE_FULL:
      return Error(ErrorCode::state, fmt::format("the disk that holds the state {} is full", name))
          .next("Free some space, then run the command again: it goes on from what was recorded.");
    case SQLITE_BUSY:
      return Error(ErrorCode::state,
                   fmt::format("another program has kept the state {} busy for {} s", name, patience / 1000))
          .next("Close what has it open (a database browser, a backup), then run the command again.");
    case SQLITE_READONLY:
      return Error(ErrorCode::state, fmt::format("the state {} cannot be written: {}", name, failure.what()))
          .next(permissionHint);
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      return Error(ErrorCode::state,
                   fmt::format("the state {} cannot be opened: {}", name,
                               systemError != 0 ? std::generic_category().message(systemError)
                                                : std::string(failure.what())))
          .next(permissionHint);
    default:
      return Error(ErrorCode::state,
                   fmt::format("the state {} cannot be used: {}{}", name, failure.what(),
                               systemError != 0 ? ": " + std::generic_category().message(systemError) : ""))
          .next("What was recorded before stands. Mend the cause, then run the command again.");
  }
}

/// A write-ahead log that belongs to the file: some process has it open, or died with it.
bool hasLog(const fs::path& path) {
  std::error_code none;
  const auto size = fs::file_size(path.string() + "-wal", none);
  return !none && size > 0;
}

/// `path` as a URI that opens it without its log and locks (sqlite.org/uri.html).
std::string immutableUri(const fs::path& path) {
  std::string uri = "file:";
  for (unsigned char c : path.string())
    uri +=
        c == '?' || c == '#' || c == '%' ? fmt::format("%{:02X}", c) : std::string(1, static_cast<char>(c));
  return uri + "?immutable=1";
}

void create(const fs::path& path) {
  auto [file, temporary] = newBeside(path);
  try {
    SQLite::Database sqlite(temporary.string(), SQLite::OPEN_READWRITE);
    // Made whole under another name and synced before it gets its own: no half made state is ever seen.
    sqlite.exec(
        fmt::format("PRAGMA synchronous=OFF; BEGIN; PRAGMA application_id={}; PRAGMA user_version={};",
                    applicationId, schemaVersion));
    sqlite.exec(schema);
    SQLite::Statement salt(sqlite, "INSERT INTO meta VALUES ('salt', ?)");
    const auto bytes = Sealer::newSalt();
    salt.bind(1, bytes.data(), static_cast<int>(bytes.size()));
    salt.exec();
    sqlite.exec("COMMIT; PRAGMA journal_mode=WAL");
  } catch (const SQLite::Exception& failure) {
    for (const auto* suffix : {"", "-wal", "-shm", "-journal"})
      ::unlink((temporary.string() + suffix).c_str());
    throw explained(failure, path, 0);
  }
  publish(temporary, path);  // where another process was faster, its file is as good
}

}  // namespace

Database::Database(const fs::path& path, const std::string& name, int flags)
    : path_(path), sqlite_(name, flags | SQLITE_OPEN_NOMUTEX, patience) {
  struct stat about{};
  if (::stat(path.c_str(), &about) == 0) {
    device_ = about.st_dev;
    inode_ = about.st_ino;
  }
}

std::unique_ptr<Database> Database::open(const fs::path& path) {
  struct stat about{};
  if (::stat(path.c_str(), &about) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return nullptr;
    throw fileError("open the state", path, errno);
  }
  if (!S_ISREG(about.st_mode))
    throw fileError("open the state", path, S_ISDIR(about.st_mode) ? EISDIR : EINVAL);
  // SQLite would take an empty file for a new database; here it is one that lost its content.
  if (about.st_size == 0) throw damaged(path, "it is empty");
  if (!may(R_OK, path)) throw fileError("read the state", path, errno);
  const auto opened = [&](const std::string& name, int flags) {
    try {
      std::unique_ptr<Database> database(new Database(path, name, flags));
      database->check();
      return database;
    } catch (const SQLite::Exception& failure) {
      throw explained(failure, path, 0);
    }
  };
  // SQLite reads a log only where it may write beside it; a file at rest can be read without.
  if (!may(W_OK, path.parent_path()) && !hasLog(path))
    return opened(immutableUri(path), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
  return opened(path.string(), SQLITE_OPEN_READWRITE);
}

std::unique_ptr<Database> Database::openOrCreate(const fs::path& path) {
  if (auto database = open(path)) return database;
  create(path);
  if (auto database = open(path)) return database;
  throw fileError("open the state", path, ENOENT);
}

void Database::check() {
  sqlite_.exec("PRAGMA synchronous=FULL; PRAGMA cell_size_check=ON");
  const int id = sqlite_.execAndGet("PRAGMA application_id").getInt();
  const int found = sqlite_.execAndGet("PRAGMA user_version").getInt();
  if (id != applicationId) throw damaged(path_, "it is a database, but not a state of Athanor's");
  // SQLite fills up a last page that is cut short; without a log that may hold the rest, that is damage.
  std::error_code none;
  const auto page = static_cast<std::uintmax_t>(sqlite_.execAndGet("PRAGMA page_size").getInt64());
  if (fs::file_size(path_, none) % page != 0 && !none && !hasLog(path_))
    throw damaged(path_, "it is cut short");
  if (found > schemaVersion)
    throw Error(ErrorCode::state,
                fmt::format("the state {} was written by a newer Athanor: its format is version {}, this one "
                            "reads up to version {}",
                            path_.string(), found, schemaVersion))
        .next("Install a newer athanor; the state was left as it is.");
}

void Database::throwTranslated(const std::exception& failure) const {
  if (const auto* sqlite = dynamic_cast<const SQLite::Exception*>(&failure))
    throw explained(*sqlite, path_, sqlite3_system_errno(sqlite_.getHandle()));
  if (const auto* json = dynamic_cast<const Json::exception*>(&failure)) {
    constexpr int notUtf8 = 316;  // nlohmann's type_error.316, of writing; all others are of reading
    if (json->id != notUtf8) throw damaged(path_, failure.what());
    throw Error(ErrorCode::state, "text that is not UTF-8 cannot be recorded in " + path_.string());
  }
  throw;
}

void Database::transaction(const std::function<void()>& work) {
  guarded([&] {
    SQLite::Transaction transaction(sqlite_, SQLite::TransactionBehavior::IMMEDIATE);
    work();
    transaction.commit();
  });
}

void Database::expectInPlace() const {
  struct stat about{};
  if (::stat(path_.c_str(), &about) == 0 && about.st_dev == device_ && about.st_ino == inode_) return;
  throw Error(ErrorCode::state,
              fmt::format("the state {} was deleted or replaced while it was in use", path_.string()))
      .next(
          "Put it back as it was. Nothing more was recorded, and nothing more should be deployed until "
          "then.");
}

namespace {
SQLite::Statement& prepared(std::map<const char*, SQLite::Statement>& statements, SQLite::Database& sqlite,
                            const char* sql) {
  auto found = statements.find(sql);
  if (found == statements.end()) found = statements.try_emplace(sql, sqlite, sql).first;
  return found->second;
}
}  // namespace

Query::Query(Database& database, const char* sql)
    : statement_(prepared(database.statements_, database.sqlite_, sql)) {}

Query::~Query() { statement_.tryReset(); }

Query& Query::bind(std::int64_t value) {
  statement_.bind(++parameters_, value);
  return *this;
}
Query& Query::bind(const std::string& text) {
  statement_.bind(++parameters_, text);
  return *this;
}
Query& Query::bindBlob(const std::string& bytes) {
  statement_.bind(++parameters_, bytes.data(), static_cast<int>(bytes.size()));
  return *this;
}
Query& Query::bindNull() {
  statement_.bind(++parameters_);
  return *this;
}

bool Query::step() { return statement_.executeStep(); }
int Query::run() { return statement_.exec(); }
std::int64_t Query::integer(int column) const { return statement_.getColumn(column).getInt64(); }
bool Query::null(int column) const { return statement_.isColumnNull(column); }

std::string_view Query::bytes(int column) const {
  const auto value = statement_.getColumn(column);
  const auto* data = static_cast<const char*>(value.getBlob());
  return data == nullptr ? std::string_view()
                         : std::string_view(data, static_cast<std::size_t>(value.getBytes()));
}

}  // namespace athanor::state
