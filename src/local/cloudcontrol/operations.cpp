#include "local/cloudcontrol/operations.h"

namespace athanor::local::cloudcontrol {

namespace {

constexpr const char* addSql =
    "INSERT INTO operations (token, account, region, type, identifier, verb, status, active, accepted, "
    "started, "
    "due, event, named, model, next, error, message, client_token, body_hash) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr const char* updateSql =
    "UPDATE operations SET status = ?, active = ?, due = ?, event = ?, model = ?, next = ?, error = ?, "
    "message = ? "
    "WHERE token = ?";

// The oldest have the lowest sequence numbers: no need to look at all.
constexpr const char* forgetSql =
    "DELETE FROM operations WHERE seq IN (SELECT seq FROM operations ORDER BY seq LIMIT 1000) AND active = 0 "
    "AND accepted <= ?";

std::string selecting(const std::string& rest) {
  return "SELECT seq, token, account, region, type, identifier, verb, status, accepted, started, due, event, "
         "named, model, next, error, message, client_token, body_hash FROM operations " +
         rest;
}

Operation read(SQLite::Statement& from) {
  int at = 0;
  const auto number = [&] { return from.getColumn(at++).getInt64(); };
  const auto text = [&] { return from.getColumn(at++).getString(); };
  Operation out;
  out.sequence = number();
  out.token = text();
  out.resource.caller.account = text();
  out.resource.caller.region = text();
  out.resource.type = text();
  out.resource.identifier = text();
  out.verb = static_cast<Verb>(number());
  out.status = static_cast<Status>(number());
  out.accepted = fromMilliseconds(number());
  out.started = fromMilliseconds(number());
  out.due = fromMilliseconds(number());
  out.event = fromMilliseconds(number());
  out.named = number() != 0;
  out.model = text();
  out.next = text();
  out.errorCode = text();
  out.message = text();
  out.clientToken = text();
  out.bodyHash = text();
  return out;
}

std::optional<Operation> one(SQLite::Statement& from) {
  if (!from.executeStep()) return {};
  return read(from);
}

std::vector<Operation> all(SQLite::Statement& from) {
  std::vector<Operation> out;
  while (from.executeStep()) out.push_back(read(from));
  return out;
}

}  // namespace

Operations::Operations(Database& database)
    : add_(database.sqlite(), addSql),
      update_(database.sqlite(), updateSql),
      byToken_(database.sqlite(), selecting("WHERE token = ? AND account = ? AND region = ?")),
      byClientToken_(database.sqlite(),
                     selecting("WHERE client_token = ? AND client_token <> '' AND account = ? AND region = ? "
                               "AND accepted > ? ORDER BY seq DESC LIMIT 1")),
      activeOn_(database.sqlite(),
                selecting("WHERE identifier = ? AND type = ? AND active = 1 AND account = ? "
                          "AND region = ? LIMIT 1")),
      due_(database.sqlite(), selecting("WHERE active = 1 AND due <= ? ORDER BY due, seq LIMIT 1000")),
      nextDue_(database.sqlite(), "SELECT min(due) FROM operations WHERE active = 1"),
      recent_(database.sqlite(), selecting("WHERE account = ? AND region = ? AND accepted > ? AND seq < ? "
                                           "ORDER BY seq DESC LIMIT ?")),
      forget_(database.sqlite(), forgetSql) {}

void Operations::add(const Operation& operation) {
  Use use(add_);
  int at = 0;
  use->bind(++at, operation.token);
  use->bind(++at, operation.resource.caller.account);
  use->bind(++at, operation.resource.caller.region);
  use->bind(++at, operation.resource.type);
  use->bind(++at, operation.resource.identifier);
  use->bind(++at, static_cast<int>(operation.verb));
  use->bind(++at, static_cast<int>(operation.status));
  use->bind(++at, operation.active() ? 1 : 0);
  for (const auto time : {operation.accepted, operation.started, operation.due, operation.event})
    use->bind(++at, milliseconds(time));
  use->bind(++at, operation.named ? 1 : 0);
  for (const auto* text : {&operation.model, &operation.next, &operation.errorCode, &operation.message,
                           &operation.clientToken, &operation.bodyHash})
    use->bind(++at, *text);
  use->exec();
}

void Operations::update(const Operation& operation) {
  Use use(update_);
  int at = 0;
  use->bind(++at, static_cast<int>(operation.status));
  use->bind(++at, operation.active() ? 1 : 0);
  use->bind(++at, milliseconds(operation.due));
  use->bind(++at, milliseconds(operation.event));
  for (const auto* text :
       {&operation.model, &operation.next, &operation.errorCode, &operation.message, &operation.token})
    use->bind(++at, *text);
  use->exec();
}

std::optional<Operation> Operations::byToken(const Caller& caller, const std::string& token) {
  Use use(byToken_);
  use->bind(1, token);
  use->bind(2, caller.account);
  use->bind(3, caller.region);
  return one(*use);
}

std::optional<Operation> Operations::byClientToken(const Caller& caller, const std::string& clientToken,
                                                   Time since) {
  Use use(byClientToken_);
  use->bind(1, clientToken);
  use->bind(2, caller.account);
  use->bind(3, caller.region);
  use->bind(4, milliseconds(since));
  return one(*use);
}

std::optional<Operation> Operations::activeOn(const ResourceKey& resource) {
  Use use(activeOn_);
  use->bind(1, resource.identifier);
  use->bind(2, resource.type);
  use->bind(3, resource.caller.account);
  use->bind(4, resource.caller.region);
  return one(*use);
}

std::vector<Operation> Operations::due(Time now) {
  Use use(due_);
  use->bind(1, milliseconds(now));
  return all(*use);
}

std::optional<Time> Operations::nextDue() {
  Use use(nextDue_);
  if (!use->executeStep() || use->isColumnNull(0)) return {};
  return fromMilliseconds(use->getColumn(0).getInt64());
}

std::vector<Operation> Operations::recent(const Caller& caller, Time since, std::int64_t before,
                                          std::int64_t most) {
  Use use(recent_);
  use->bind(1, caller.account);
  use->bind(2, caller.region);
  use->bind(3, milliseconds(since));
  use->bind(4, before);
  use->bind(5, most);
  return all(*use);
}

void Operations::forget(Time since) {
  Use use(forget_);
  use->bind(1, milliseconds(since));
  use->exec();
}

}  // namespace athanor::local::cloudcontrol
