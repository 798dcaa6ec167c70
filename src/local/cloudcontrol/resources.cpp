#include "local/cloudcontrol/resources.h"

namespace athanor::local::cloudcontrol {

namespace {

void bindKey(SQLite::Statement& to, const ResourceKey& key) {
  to.bind(1, key.caller.account);
  to.bind(2, key.caller.region);
  to.bind(3, key.type);
  to.bind(4, key.identifier);
}

void bindVisible(SQLite::Statement& to, int at, const StoredResource& resource) {
  if (resource.visible == resource.model)
    to.bind(at);
  else
    to.bind(at, resource.visible);
}

StoredResource read(SQLite::Statement& from) {
  StoredResource out;
  out.sequence = from.getColumn(0).getInt64();
  out.identifier = from.getColumn(1).getString();
  out.model = from.getColumn(2).getString();
  out.visible = from.isColumnNull(3) ? out.model : from.getColumn(3).getString();
  out.visibleFrom = fromMilliseconds(from.getColumn(4).getInt64());
  out.implied = from.getColumn(5).getInt() != 0;
  return out;
}

constexpr const char* findSql =
    "SELECT seq, identifier, model, visible, visible_from, implied FROM resources "
    "WHERE account = ? AND region = ? AND type = ? AND identifier = ?";
constexpr const char* listSql =
    "SELECT seq, identifier, model, visible, visible_from, implied FROM resources "
    "WHERE account = ? AND region = ? AND type = ? AND seq > ? AND visible_from <= ? ORDER BY seq LIMIT ?";
constexpr const char* addSql =
    "INSERT INTO resources (account, region, type, identifier, model, visible, visible_from, implied) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
constexpr const char* replaceSql =
    "UPDATE resources SET model = ?, visible = ?, visible_from = ?, implied = ? WHERE seq = ?";
constexpr const char* anySql =
    "SELECT 1 FROM resources WHERE account = ?1 AND type = ?2 AND "
    "CASE WHEN ?3 = '' THEN implied = 0 ELSE instr(model, ?3) > 0 END ";
constexpr const char* holdersSql =
    "SELECT r.type, r.identifier FROM holds h CROSS JOIN resources r ON r.seq = h.seq "  // CROSS: by what is
                                                                                         // held first
    "WHERE h.held = ? AND r.account = ? AND r.region = ? ORDER BY r.seq";

}  // namespace

Resources::Resources(Database& database)
    : database_(database),
      find_(database.sqlite(), findSql),
      list_(database.sqlite(), listSql),
      add_(database.sqlite(), addSql),
      replace_(database.sqlite(), replaceSql),
      erase_(database.sqlite(), "DELETE FROM resources WHERE seq = ?"),
      hold_(database.sqlite(), "INSERT OR IGNORE INTO holds (seq, held) VALUES (?, ?)"),
      release_(database.sqlite(), "DELETE FROM holds WHERE seq = ?"),
      holders_(database.sqlite(), holdersSql),
      anyHere_(database.sqlite(), std::string(anySql) + "AND region = ?4 LIMIT 1"),
      anyEverywhere_(database.sqlite(), std::string(anySql) + "LIMIT 1") {}

std::optional<StoredResource> Resources::find(const ResourceKey& key) {
  Use use(find_);
  bindKey(*use, key);
  if (!use->executeStep()) return {};
  return read(*use);
}

std::vector<StoredResource> Resources::list(const Caller& caller, const std::string& type, Time now,
                                            std::int64_t after, std::int64_t most) {
  Use use(list_);
  use->bind(1, caller.account);
  use->bind(2, caller.region);
  use->bind(3, type);
  use->bind(4, after);
  use->bind(5, milliseconds(now));
  use->bind(6, most);
  std::vector<StoredResource> out;
  while (use->executeStep()) out.push_back(read(*use));
  return out;
}

void Resources::add(const ResourceKey& key, const StoredResource& resource) {
  {
    Use use(add_);
    bindKey(*use, key);
    use->bind(5, resource.model);
    bindVisible(*use, 6, resource);
    use->bind(7, milliseconds(resource.visibleFrom));
    use->bind(8, resource.implied ? 1 : 0);
    use->exec();
  }
  hold(database_.sqlite().getLastInsertRowid(), resource.holds);
}

void Resources::replace(const StoredResource& resource) {
  {
    Use use(replace_);
    use->bind(1, resource.model);
    bindVisible(*use, 2, resource);
    use->bind(3, milliseconds(resource.visibleFrom));
    use->bind(4, resource.implied ? 1 : 0);
    use->bind(5, resource.sequence);
    use->exec();
  }
  Use release(release_);
  release->bind(1, resource.sequence);
  release->exec();
  hold(resource.sequence, resource.holds);
}

void Resources::erase(std::int64_t sequence) {
  for (auto* statement : {&erase_, &release_}) {
    Use use(*statement);
    use->bind(1, sequence);
    use->exec();
  }
}

void Resources::hold(std::int64_t sequence, const std::vector<std::string>& held) {
  for (const auto& identifier : held) {
    Use use(hold_);
    use->bind(1, sequence);
    use->bind(2, identifier);
    use->exec();
  }
}

bool Resources::any(const Caller& caller, const std::string& type, bool everywhere, const std::string& text) {
  Use use(everywhere ? anyEverywhere_ : anyHere_);
  use->bind(1, caller.account);
  use->bind(2, type);
  use->bind(3, text);
  if (!everywhere) use->bind(4, caller.region);
  return use->executeStep();
}

std::vector<ResourceKey> Resources::holders(const Caller& caller, const std::string& identifier) {
  Use use(holders_);
  use->bind(1, identifier);
  use->bind(2, caller.account);
  use->bind(3, caller.region);
  std::vector<ResourceKey> out;
  while (use->executeStep())
    out.push_back({caller, use->getColumn(0).getString(), use->getColumn(1).getString()});
  return out;
}

}  // namespace athanor::local::cloudcontrol
