#include "recorder/session/database.h"

#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include "base/error.h"

namespace athanor::recorder {

namespace {

constexpr auto schema = R"(
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE IF NOT EXISTS stream(id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS recording(
  sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, over INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS segment(
  owner TEXT, rendition TEXT, number INTEGER, body TEXT NOT NULL, PRIMARY KEY(owner, rendition, number))
  WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS parcel(
  sequence INTEGER PRIMARY KEY AUTOINCREMENT, recording TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS parcel_recording ON parcel(recording, sequence);
CREATE TABLE IF NOT EXISTS task(
  sequence INTEGER PRIMARY KEY, recording TEXT NOT NULL, number INTEGER NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS task_recording ON task(recording, number);
CREATE TABLE IF NOT EXISTS event(sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, body TEXT NOT NULL);
PRAGMA user_version = 1;
)";

SQLite::Database opened(const std::filesystem::path& file) {
  try {
    SQLite::Database out(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    const int version = out.execAndGet("PRAGMA user_version").getInt();
    if (version > 1)
      throw Error(ErrorCode::state, fmt::format("{} was written by a newer Athanor", file.string()))
          .next("Use that version, or another data folder.");
    out.exec(schema);
    return out;
  } catch (const SQLite::Exception& error) {
    throw Error(ErrorCode::state, fmt::format("cannot use {}: {}", file.string(), error.what()));
  }
}

}  // namespace

Database::Database(const std::filesystem::path& file) : sqlite_(opened(file)) {}

void Database::begin() { sqlite_.exec("BEGIN"); }
bool Database::commit() {
  try {
    sqlite_.exec("COMMIT");
    return true;
  } catch (const SQLite::Exception&) {
    if (sqlite3_get_autocommit(sqlite_.getHandle()) != 0) throw;
    return false;
  }
}
void Database::rollback() noexcept {
  try {
    sqlite_.exec("ROLLBACK");
  } catch (const SQLite::Exception&) {  // NOLINT(bugprone-empty-catch): SQLite has rolled back by itself
  }
}

void Database::put(const Stream& stream) {
  SQLite::Statement statement(sqlite_, "INSERT OR REPLACE INTO stream VALUES(?, ?)");
  statement.bind(1, stream.id);
  statement.bind(2, toJson(stream).dump());
  statement.exec();
}

void Database::put(const Recording& recording) {
  SQLite::Statement statement(sqlite_,
                              "INSERT INTO recording(id, over, body) VALUES(?1, ?2, ?3) "
                              "ON CONFLICT(id) DO UPDATE SET over = ?2, body = ?3");
  statement.bind(1, recording.id);
  statement.bind(2, over(recording) ? 1 : 0);
  statement.bind(3, toJson(recording).dump());
  statement.exec();
}

void Database::remove(const Stream& stream) {
  for (const auto* sql : {"DELETE FROM stream WHERE id = ?", "DELETE FROM segment WHERE owner = ?"}) {
    SQLite::Statement statement(sqlite_, sql);
    statement.bind(1, stream.id);
    statement.exec();
  }
}

void Database::addSegment(const std::string& owner, const std::string& rendition, const Segment& segment) {
  SQLite::Statement statement(sqlite_, "INSERT OR REPLACE INTO segment VALUES(?, ?, ?, ?)");
  statement.bind(1, owner);
  statement.bind(2, rendition);
  statement.bind(3, static_cast<std::int64_t>(segment.number));
  statement.bind(4, toJson(segment).dump());
  statement.exec();
}

std::vector<Segment> Database::segments(const std::string& owner, const std::string& rendition) {
  SQLite::Statement statement(sqlite_,
                              "SELECT body FROM segment WHERE owner = ? AND rendition = ? ORDER BY number");
  statement.bind(1, owner);
  statement.bind(2, rendition);
  std::vector<Segment> out;
  while (statement.executeStep()) out.push_back(segmentFrom(Json::parse(statement.getColumn(0).getString())));
  return out;
}

std::vector<Stream> Database::streams() {
  SQLite::Statement statement(sqlite_, "SELECT body FROM stream");
  std::vector<Stream> out;
  while (statement.executeStep()) out.push_back(streamFrom(Json::parse(statement.getColumn(0).getString())));
  return out;
}

std::vector<Recording> Database::recordings(std::size_t most) {
  SQLite::Statement statement(sqlite_,
                              "SELECT body FROM recording WHERE over = 0 OR sequence IN "
                              "(SELECT sequence FROM recording ORDER BY sequence DESC LIMIT ?) "
                              "ORDER BY sequence DESC");
  statement.bind(1, static_cast<std::int64_t>(most));
  std::vector<Recording> out;
  while (statement.executeStep())
    out.push_back(recordingFrom(Json::parse(statement.getColumn(0).getString())));
  return out;
}

void Database::add(const Parcel& parcel, std::int64_t sending) {
  SQLite::Statement older(sqlite_, "DELETE FROM parcel WHERE recording = ? AND key = ? AND sequence <> ?");
  older.bind(1, parcel.recording);
  older.bind(2, parcel.key);
  older.bind(3, sending);
  older.exec();
  const Json body = {{"kind", static_cast<int>(parcel.kind)},
                     {"bucket", parcel.destination.bucket},
                     {"roleArn", parcel.destination.roleArn},
                     {"contentType", parcel.contentType},
                     {"source", parcel.source}};
  SQLite::Statement statement(sqlite_, "INSERT INTO parcel(recording, key, body) VALUES(?, ?, ?)");
  statement.bind(1, parcel.recording);
  statement.bind(2, parcel.key);
  statement.bind(3, body.dump());
  statement.exec();
}

std::optional<Parcel> Database::next(const std::string& recording) {
  SQLite::Statement statement(
      sqlite_, "SELECT sequence, key, body FROM parcel WHERE recording = ? ORDER BY sequence LIMIT 1");
  statement.bind(1, recording);
  if (!statement.executeStep()) return {};
  const auto body = Json::parse(statement.getColumn(2).getString());
  return Parcel{.sequence = statement.getColumn(0).getInt64(),
                .recording = recording,
                .kind = static_cast<Parcel::Kind>(body.at("kind").get<int>()),
                .destination = {body.at("bucket"), "", body.at("roleArn")},
                .key = statement.getColumn(1).getString(),
                .contentType = body.at("contentType"),
                .source = body.at("source")};
}

std::size_t Database::waiting(const std::string& recording) {
  SQLite::Statement statement(sqlite_, "SELECT count(*) FROM parcel WHERE recording = ?");
  statement.bind(1, recording);
  statement.executeStep();
  return static_cast<std::size_t>(statement.getColumn(0).getInt64());
}

void Database::sent(const Parcel& parcel) {
  SQLite::Statement statement(sqlite_, "DELETE FROM parcel WHERE sequence = ?");
  statement.bind(1, parcel.sequence);
  statement.exec();
}

void Database::add(const RenderTask& task) {
  SQLite::Statement statement(sqlite_, "INSERT INTO task(recording, number, body) VALUES(?, ?, ?)");
  statement.bind(1, task.recording);
  statement.bind(2, static_cast<std::int64_t>(task.segment.number));
  statement.bind(3, toJson(task).dump());
  statement.exec();
}

std::vector<RenderTask> Database::tasks() {
  SQLite::Statement statement(sqlite_, "SELECT body FROM task ORDER BY sequence");
  std::vector<RenderTask> out;
  while (statement.executeStep()) out.push_back(taskFrom(Json::parse(statement.getColumn(0).getString())));
  return out;
}

bool Database::hasTasks(const std::string& recording) {
  SQLite::Statement statement(sqlite_, "SELECT 1 FROM task WHERE recording = ? LIMIT 1");
  statement.bind(1, recording);
  return statement.executeStep();
}

void Database::done(const RenderTask& task) {
  SQLite::Statement statement(sqlite_, "DELETE FROM task WHERE recording = ? AND number = ?");
  statement.bind(1, task.recording);
  statement.bind(2, static_cast<std::int64_t>(task.segment.number));
  statement.exec();
}

void Database::add(Event& event) {
  SQLite::Statement statement(sqlite_, "INSERT INTO event(id, body) VALUES(?, ?)");
  statement.bind(1, event.id);
  statement.bind(2, event.json);
  statement.exec();
  event.sequence = sqlite_.getLastInsertRowid();
}

std::vector<Event> Database::events(std::int64_t after, std::size_t most) {
  SQLite::Statement statement(
      sqlite_, "SELECT sequence, id, body FROM event WHERE sequence > ? ORDER BY sequence LIMIT ?");
  statement.bind(1, after);
  statement.bind(2, static_cast<std::int64_t>(most));
  std::vector<Event> out;
  while (statement.executeStep())
    out.push_back({statement.getColumn(0).getInt64(), statement.getColumn(1).getString(),
                   statement.getColumn(2).getString()});
  return out;
}

}  // namespace athanor::recorder
