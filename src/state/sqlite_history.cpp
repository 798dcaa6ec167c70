#include "state/sqlite_history.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "state/rows.h"

namespace athanor::state {

using std::chrono::milliseconds;

namespace {

void makeTables(Database& database) {
  Query(database,
        "CREATE TABLE IF NOT EXISTS run ("
        "scope INTEGER NOT NULL REFERENCES scope, number INTEGER NOT NULL, command TEXT NOT NULL, "
        "program TEXT NOT NULL, user TEXT NOT NULL, host TEXT NOT NULL, target TEXT NOT NULL, "
        "begun INTEGER NOT NULL, ended INTEGER, outcome TEXT NOT NULL, planned TEXT NOT NULL, "
        "done TEXT NOT NULL, PRIMARY KEY (scope, number)) WITHOUT ROWID")
      .run();
  // `durations` is a JSON array of milliseconds, oldest first.
  Query(database,
        "CREATE TABLE IF NOT EXISTS timing ("
        "endpoint TEXT NOT NULL, type TEXT NOT NULL, action TEXT NOT NULL, durations TEXT NOT NULL, "
        "PRIMARY KEY (endpoint, type, action)) WITHOUT ROWID")
      .run();
}

bool hasTables(Database& database) {
  return Query(database, "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'timing'").step();
}

void bindEnd(Query& query, const Run& run) {
  if (run.endedAt)
    query.bind(toNanoseconds(*run.endedAt));
  else
    query.bindNull();
  query.bind(name(run.outcome)).bind(toJson(run.done).dump());
}

Run::Outcome outcomeFrom(std::string_view text) {
  using enum Run::Outcome;
  for (const auto outcome : {unfinished, succeeded, failed, stopped, interrupted})
    if (text == name(outcome)) return outcome;
  throw Error(ErrorCode::state, fmt::format("the history holds the unknown outcome \"{}\"", text));
}

std::vector<milliseconds> durationsFrom(std::string_view text) {
  std::vector<milliseconds> out;
  for (const auto& one : Json::parse(text)) out.emplace_back(one.get<std::int64_t>());
  return out;
}

}  // namespace

std::int64_t writeRun(Database& database, std::int64_t scope, const Run& run) {
  makeTables(database);
  if (run.number != 0) {
    Query query(database, "UPDATE run SET ended = ?, outcome = ?, done = ? WHERE scope = ? AND number = ?");
    bindEnd(query, run);
    if (query.bind(scope).bind(run.number).run() != 1)
      throw Error(ErrorCode::internal, fmt::format("the history has no run {}", run.number));
    return run.number;
  }
  Query query(database,
              "INSERT INTO run (ended, outcome, done, command, program, user, host, target, begun, planned, "
              "scope, number) VALUES (?,?,?,?,?,?,?,?,?,?,?, "
              "(SELECT coalesce(max(number), 0) + 1 FROM run WHERE scope = ?)) RETURNING number");
  bindEnd(query, run);
  query.bind(run.command).bind(run.program).bind(run.user).bind(run.host).bind(toJson(run.target).dump());
  query.bind(toNanoseconds(run.begunAt)).bind(toJson(run.planned).dump()).bind(scope).bind(scope);
  query.step();
  const auto number = query.integer(0);
  query.step();
  return number;
}

void writeTimings(Database& database, const std::string& endpoint, const std::vector<Timing>& timings) {
  makeTables(database);
  Timings added;
  for (const auto& one : timings) added[{one.type, one.action}].push_back(one.took);
  for (const auto& [key, durations] : added) {
    const auto& [type, action] = key;
    std::vector<milliseconds> all;
    {
      Query query(database, "SELECT durations FROM timing WHERE endpoint = ? AND type = ? AND action = ?");
      if (query.bind(endpoint).bind(type).bind(action).step()) all = durationsFrom(query.bytes(0));
    }
    all.insert(all.end(), durations.begin(), durations.end());
    Json kept = Json::array();
    for (auto i = all.size() - std::min(all.size(), timingsKept); i < all.size(); ++i)
      kept.push_back(all[i].count());
    Query(database,
          "INSERT INTO timing (endpoint, type, action, durations) VALUES (?,?,?,?) "
          "ON CONFLICT DO UPDATE SET durations = excluded.durations")
        .bind(endpoint)
        .bind(type)
        .bind(action)
        .bind(kept.dump())
        .run();
  }
}

std::vector<Run> readRuns(Database& database, const Scope& scope, std::size_t limit) {
  if (!hasTables(database)) return {};
  std::vector<Run> all;
  Query query(database,
              "SELECT number, command, program, user, host, target, begun, ended, outcome, planned, done "
              "FROM run WHERE scope = (SELECT number FROM scope WHERE app = ? AND stage = ?) "
              "ORDER BY number DESC LIMIT ?");
  query.bind(scope.app)
      .bind(scope.stage)
      .bind(static_cast<std::int64_t>(std::min<std::size_t>(limit, INT64_MAX)));
  while (query.step()) {
    Run run{.number = query.integer(0), .command = query.text(1)};
    run.program = query.text(2);
    run.user = query.text(3);
    run.host = query.text(4);
    run.target = targetFrom(Json::parse(query.bytes(5)));
    run.begunAt = fromNanoseconds(query.integer(6));
    if (!query.null(7)) run.endedAt = fromNanoseconds(query.integer(7));
    run.outcome = outcomeFrom(query.bytes(8));
    run.planned = countsFrom(Json::parse(query.bytes(9)));
    run.done = countsFrom(Json::parse(query.bytes(10)));
    all.push_back(std::move(run));
  }
  return all;
}

Timings readTimings(Database& database, const std::string& endpoint) {
  if (!hasTables(database)) return {};
  Timings all;
  Query query(database, "SELECT type, action, durations FROM timing WHERE endpoint = ?");
  query.bind(endpoint);
  while (query.step()) all[{query.text(0), query.text(1)}] = durationsFrom(query.bytes(2));
  return all;
}

}  // namespace athanor::state
