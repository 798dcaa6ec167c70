#include "local/admin/kept.h"

#include <fmt/format.h>

#include <numeric>

#include "local/data_folder.h"

namespace athanor::local::admin {

using cloudcontrol::Database;

namespace {

bool hasDatabase(const std::filesystem::path& folder) {
  std::error_code unreadable;
  return std::filesystem::exists(folder / "local.sqlite", unreadable);
}

}  // namespace

std::int64_t Kept::resources() const {
  return std::accumulate(types.begin(), types.end(), std::int64_t{0},
                         [](std::int64_t sum, const TypeCount& one) { return sum + one.resources; });
}

Kept countKept(Database& database) {
  Kept out;
  SQLite::Statement types(
      database.sqlite(),
      "SELECT account, region, type, count(*) FROM resources GROUP BY account, region, type");
  while (types.executeStep())
    out.types.push_back({{types.getColumn(0).getString(), types.getColumn(1).getString()},
                         types.getColumn(2).getString(),
                         types.getColumn(3).getInt64()});
  out.operations = database.sqlite().execAndGet("SELECT count(*) FROM operations").getInt64();
  out.active = database.sqlite().execAndGet("SELECT count(*) FROM operations WHERE active = 1").getInt64();
  return out;
}

Json toJson(const Kept& kept) {
  Json types = Json::array();
  for (const auto& one : kept.types)
    types.push_back({{"account", one.caller.account},
                     {"region", one.caller.region},
                     {"type", one.type},
                     {"count", one.resources}});
  return {{"resources", std::move(types)}, {"operations", kept.operations}, {"active", kept.active}};
}

void forgetAll(Database& database) {
  std::vector<std::string> tables;
  {
    SQLite::Statement all(
        database.sqlite(),
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'meta' AND name NOT "
        "LIKE 'sqlite_%'");
    while (all.executeStep()) tables.push_back(all.getColumn(0).getString());
  }
  database.begin();
  try {
    for (const auto& table : tables) database.sqlite().exec(fmt::format("DELETE FROM \"{}\"", table));
  } catch (...) {
    database.rollback();
    throw;
  }
  database.commit();
  // What follows only makes the file small; it is as correct without.
  database.sqlite().tryExec("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
}

Kept countKept(const std::filesystem::path& folder) {
  if (!hasDatabase(folder)) return {};
  const DataFolder held(folder);
  Database database(held.database());
  return countKept(database);
}

Kept forgetAll(const std::filesystem::path& folder) {
  if (!hasDatabase(folder)) return {};
  const DataFolder held(folder);
  Database database(held.database());
  auto out = countKept(database);
  forgetAll(database);
  return out;
}

}  // namespace athanor::local::admin
