#include "state/sqlite_store.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "state/database.h"
#include "state/rows.h"
#include "state/scope_lock.h"
#include "state/secrets.h"
#include "state/sqlite_history.h"

namespace athanor::state {

namespace fs = std::filesystem;

namespace {

/// What a Store and its Locks share: the file, once it is there, and its key.
class Connection {
 public:
  Connection(fs::path path, Key source) : path_(std::move(path)), source_(std::move(source)) {}

  const fs::path& path() const { return path_; }

  /// Null while there is no file.
  Database* find() {
    if (!database_) database_ = Database::open(path_);
    return database_.get();
  }
  Database& make() {
    if (!database_) database_ = Database::openOrCreate(path_);
    return *database_;
  }

  /// Until the state has its mark, another process may set it: then the sealer is made anew.
  Sealer& sealer() {
    if (sealer_ && (sealer_->mark() || !recordedMark())) return *sealer_;
    sealer_ = std::make_unique<Sealer>(source_, meta("salt"), recordedMark());
    return *sealer_;
  }

  /// In the transaction that writes the first sealed values.
  void recordMark() {
    if (!sealer_ || !sealer_->mark()) return;
    const auto found = recordedMark();
    if (found && *found != *sealer_->mark())
      throw Error(
          ErrorCode::state,
          fmt::format("another command has just sealed the state {} with another key", path_.string()))
          .next("Use the same ATHANOR_PASSWORD, or none, for every command.");
    if (found) return;
    const bool password = sealer_->mark()->kind == KeyMark::Kind::password;
    const auto text = (password ? "password:" : "file:") + sealer_->mark()->id;
    Query(*database_, "INSERT INTO meta VALUES ('seal', ?)").bindBlob(text).run();
  }

  /// After a transaction that did not happen: the sealer may say what the state does not.
  void forgetSealer() { sealer_.reset(); }

 private:
  std::string meta(const std::string& key) {
    Query query(*database_, "SELECT value FROM meta WHERE key = ?");
    return query.bind(key).step() ? query.text(0) : "";
  }

  std::optional<KeyMark> recordedMark() {
    const auto text = meta("seal");
    if (text.empty()) return {};
    const auto colon = std::min(text.find(':'), text.size() - 1);
    const auto kind = text.starts_with("password:") ? KeyMark::Kind::password : KeyMark::Kind::file;
    return KeyMark{kind, text.substr(colon + 1)};
  }

  fs::path path_;
  Key source_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Sealer> sealer_;
};

/// Makes the writes of one transaction.
class Writer {
 public:
  Writer(Database& database, Sealer& sealer, std::int64_t scope)
      : database_(database), sealer_(sealer), scope_(scope) {}

  void operator()(const Begin& begin) {
    const auto& entry = *begin.entry;
    const bool sealed = seals(entry);
    const auto sealedAt = sealedOf(entry.intended, entry.secrets);
    Query query(
        database_,
        "INSERT INTO entry (scope, attempt, operation, known_identifier, client_token, request_token, "
        "begun, body, sealed, " RESOURCE_COLUMNS
        ") "
        "VALUES (?,?,?,?,?,?,?,?,?, ?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) RETURNING sequence");
    query.bind(scope_).bind(entry.attempt).bind(name(entry.operation)).bind(entry.identifier);
    query.bind(entry.clientToken).bind(entry.requestToken).bind(toNanoseconds(entry.begunAt));
    query.bindBlob(sealed ? sealer_.seal(entry.body) : entry.body).bind(sealed ? 1 : 0);
    bind(query, entry.intended, sealedAt, sealer_);
    query.step();
    begun_.emplace_back(begin.entry, query.integer(0));
    query.step();
  }

  void operator()(const Accept& accept) {
    Query query(database_,
                "UPDATE entry SET request_token = ?, known_identifier = ? WHERE sequence = ? AND scope = ?");
    query.bind(accept.requestToken).bind(accept.identifier).bind(accept.sequence).bind(scope_);
    expectEntry(query.run(), accept.sequence);
  }

  void operator()(const Close& close) {
    Query query(database_, "DELETE FROM entry WHERE sequence = ? AND scope = ?");
    expectEntry(query.bind(close.sequence).bind(scope_).run(), close.sequence);
  }

  void operator()(const Put& put) {
    const auto sealedAt = sealedOf(put.resource, put.secrets);
    Query query(database_,
                "INSERT INTO resource (scope, " RESOURCE_COLUMNS
                ") "
                "VALUES (?, ?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) "
                "ON CONFLICT (scope, id, generation) DO UPDATE SET "
                "(type, identifier, partition, account, region, endpoint, options, depends_on, file, line, "
                "col, status, props, resolved, outputs, secrets, sealed_at) = "
                "(excluded.type, excluded.identifier, excluded.partition, excluded.account, "
                "excluded.region, excluded.endpoint, excluded.options, excluded.depends_on, excluded.file, "
                "excluded.line, excluded.col, excluded.status, excluded.props, excluded.resolved, "
                "excluded.outputs, excluded.secrets, excluded.sealed_at)");
    query.bind(scope_);
    bind(query, put.resource, sealedAt, sealer_);
    query.run();
  }

  void operator()(const Drop& drop) {
    Query query(database_, "DELETE FROM resource WHERE scope = ? AND id = ? AND generation = ?");
    query.bind(scope_).bind(drop.id).bind(drop.generation).run();
  }

  void operator()(const Note& note) {
    Query query(database_, "UPDATE scope SET program = ?, target = ? WHERE number = ?");
    query.bind(note.program).bind(toJson(note.target).dump()).bind(scope_).run();
  }

  void operator()(const Log& log) { logged_.emplace_back(log.run, writeRun(database_, scope_, *log.run)); }

  void operator()(const Learn& learn) { writeTimings(database_, learn.endpoint, learn.timings); }

  /// Tells the callers the sequences of what they began, now that it is committed.
  void tell() const {
    for (const auto& [run, number] : logged_) run->number = number;
    for (const auto& [entry, sequence] : begun_) entry->sequence = sequence;
  }

 private:
  /// A delete's body names only what its row says in the clear anyway: without the key it rests as it is, so
  /// that everything can still be destroyed.
  bool seals(const Entry& entry) { return entry.operation != Entry::Operation::remove || sealer_.ready(); }

  /// What was sealed in a row stays sealed.
  std::vector<std::string> sealedOf(const Resource& resource, std::vector<std::string> secrets) {
    const auto add = [&](const std::vector<std::string>& pointers) {
      for (const auto& pointer : pointers)
        if (std::ranges::find(secrets, pointer) == secrets.end()) secrets.push_back(pointer);
    };
    add(resource.secrets);
    Query query(database_, "SELECT sealed_at FROM resource WHERE scope = ? AND id = ? AND generation = ?");
    if (query.bind(scope_).bind(resource.id).bind(resource.generation).step())
      add(pointersFrom(query.bytes(0)));
    return secrets;
  }

  static void expectEntry(int changed, std::int64_t sequence) {
    if (changed != 1)
      throw Error(ErrorCode::internal, fmt::format("the journal has no open entry {}", sequence));
  }

  Database& database_;
  Sealer& sealer_;
  std::int64_t scope_;
  std::vector<std::pair<Entry*, std::int64_t>> begun_;
  std::vector<std::pair<Run*, std::int64_t>> logged_;
};

bool needsKey(const Write& write) {
  if (const auto* put = std::get_if<Put>(&write))
    return !put->secrets.empty() || !put->resource.secrets.empty();
  return std::holds_alternative<Begin>(write);
}

class SqliteLock : public Lock {
 public:
  SqliteLock(std::shared_ptr<Connection> connection, const Scope& scope, const std::string& command)
      : connection_(std::move(connection)),
        scope_(scope),
        held_(connection_->path().parent_path(), scope, command),
        database_(connection_->make()) {
    // Nothing is written here, so that a command that finds nothing to do waits for no disk.
    database_.guarded([&] {
      Query query(database_, "SELECT fence FROM scope WHERE app = ? AND stage = ?");
      if (query.bind(scope.app).bind(scope.stage).step()) fence_ = query.integer(0);
    });
  }

  void commit(std::span<const Write> writes) override {
    database_.expectInPlace();
    try {
      database_.guarded([&] { commitGuarded(writes); });
    } catch (...) {
      connection_->forgetSealer();
      throw;
    }
  }

 private:
  void commitGuarded(std::span<const Write> writes) {
    auto& sealer = connection_->sealer();
    // A password is stretched before the transaction, which keeps other scopes waiting.
    if (std::ranges::any_of(writes, needsKey)) sealer.ready();
    std::optional<Writer> writer;
    database_.transaction([&] {
      writer.emplace(database_, sealer, passFence());
      for (const auto& write : writes) std::visit(*writer, write);
      connection_->recordMark();
    });
    ++fence_;
    writer->tell();
  }

  /// Every commit moves the fence on, and finds it where its own last one left it (at first, where it stood
  /// when the lock was taken): of two that believe to hold the lock, only one gets on. Gives the scope's
  /// number.
  std::int64_t passFence() {
    if (fence_ == 0) {
      Query first(database_, "INSERT INTO scope (app, stage, fence) VALUES (?, ?, 0) ON CONFLICT DO NOTHING");
      first.bind(scope_.app).bind(scope_.stage).run();
    }
    Query query(database_,
                "UPDATE scope SET updated = ?, fence = fence + 1 WHERE app = ? AND stage = ? AND fence = ? "
                "RETURNING number");
    query.bind(toNanoseconds(std::chrono::system_clock::now()));
    if (query.bind(scope_.app).bind(scope_.stage).bind(fence_).step()) return query.integer(0);
    throw Error(ErrorCode::conflict, fmt::format("another command has taken over the stage \"{}\" of \"{}\"",
                                                 scope_.stage, scope_.app))
        .next("Let that one end, then run this command again: it finishes what this one began.");
  }

  std::shared_ptr<Connection> connection_;
  Scope scope_;
  ScopeLock held_;
  Database& database_;
  std::int64_t fence_ = 0;  ///< 0: nothing was ever committed to the scope
};

constexpr auto infoColumns =
    "SELECT app, stage, program, target, updated, (SELECT count(*) FROM resource WHERE scope = number) "
    "FROM scope ORDER BY app, stage";
constexpr auto oneInfo =
    "SELECT app, stage, program, target, updated, (SELECT count(*) FROM resource WHERE scope = number) "
    "FROM scope WHERE app = ? AND stage = ?";

ScopeInfo infoAt(const Query& query) {
  ScopeInfo info;
  info.scope = {query.text(0), query.text(1)};
  info.program = query.text(2);
  info.target = targetFrom(Json::parse(query.bytes(3)));
  info.updatedAt = fromNanoseconds(query.integer(4));
  info.resources = static_cast<std::size_t>(query.integer(5));
  return info;
}

class SqliteStore : public Store {
 public:
  SqliteStore(fs::path path, Key source)
      : connection_(std::make_shared<Connection>(std::move(path), std::move(source))) {}

  std::unique_ptr<Lock> lock(const Scope& scope, const std::string& command) override {
    return std::make_unique<SqliteLock>(connection_, scope, command);
  }

  std::vector<ScopeInfo> scopes() override {
    return read([&](Database& database) {
      std::vector<ScopeInfo> all;
      Query query(database, infoColumns);
      while (query.step()) all.push_back(infoAt(query));
      return all;
    });
  }

  std::optional<ScopeInfo> info(const Scope& scope) override {
    return read([&](Database& database) -> std::optional<ScopeInfo> {
      Query query(database, oneInfo);
      if (query.bind(scope.app).bind(scope.stage).step()) return infoAt(query);
      return {};
    });
  }

  std::vector<Resource> resources(const Scope& scope, Secrets secrets) override {
    return read([&](Database& database) {
      auto* sealer = secrets == Secrets::open ? &connection_->sealer() : nullptr;
      std::vector<Resource> all;
      Query query(database, "SELECT " RESOURCE_COLUMNS
                            " FROM resource WHERE scope = "
                            "(SELECT number FROM scope WHERE app = ? AND stage = ?) ORDER BY position");
      query.bind(scope.app).bind(scope.stage);
      while (query.step()) all.push_back(resourceAt(query, 0, sealer));
      return all;
    });
  }

  std::vector<Entry> journal(const Scope& scope, Secrets secrets) override {
    return read([&](Database& database) {
      auto* sealer = secrets == Secrets::open ? &connection_->sealer() : nullptr;
      std::vector<Entry> all;
      Query query(database,
                  "SELECT " RESOURCE_COLUMNS
                  ", sequence, attempt, operation, known_identifier, client_token, "
                  "request_token, begun, body, sealed FROM entry WHERE "
                  "scope = (SELECT number FROM scope WHERE app = ? AND stage = ?) ORDER BY sequence");
      query.bind(scope.app).bind(scope.stage);
      while (query.step()) all.push_back(entryAt(query, sealer));
      return all;
    });
  }

  std::vector<Run> runs(const Scope& scope, std::size_t limit) override {
    return read([&](Database& database) { return readRuns(database, scope, limit); });
  }

  Timings timings(const std::string& endpoint) override {
    return read([&](Database& database) { return readTimings(database, endpoint); });
  }

  std::string location() const override { return connection_->path().string(); }

 private:
  /// Where there is no file yet, there is nothing.
  template <typename Work>
  auto read(const Work& work) -> decltype(work(std::declval<Database&>())) {
    auto* database = connection_->find();
    if (database == nullptr) return {};
    return database->guarded([&] { return work(*database); });
  }

  static Entry entryAt(const Query& query, Sealer* sealer) {
    Entry entry;
    entry.intended = resourceAt(query, 0, sealer);
    entry.secrets = pointersFrom(query.bytes(resourceColumns - 1));
    entry.id = entry.intended.id;
    entry.generation = entry.intended.generation;
    entry.type = entry.intended.type;
    entry.target = entry.intended.target;
    int column = resourceColumns;
    entry.sequence = query.integer(column++);
    entry.attempt = static_cast<int>(query.integer(column++));
    entry.operation = operationFrom(query.bytes(column++));
    entry.identifier = query.text(column++);
    entry.clientToken = query.text(column++);
    entry.requestToken = query.text(column++);
    entry.begunAt = fromNanoseconds(query.integer(column++));
    std::optional<std::string> body;
    if (query.integer(column + 1) == 0)
      body = query.text(column);
    else if (sealer != nullptr)
      body = sealer->open(query.bytes(column));
    entry.body = body.value_or("");
    entry.bodySealed = !body;
    return entry;
  }

  std::shared_ptr<Connection> connection_;
};

}  // namespace

std::unique_ptr<Store> openSqlite(const fs::path& file, Key source) {
  return std::make_unique<SqliteStore>(fs::absolute(file).lexically_normal(), std::move(source));
}

}  // namespace athanor::state
