#include "engine/operations.h"

#include <fmt/format.h>

#include "engine/check.h"
#include "plan/ignored.h"
#include "schema/identifier.h"

namespace athanor::engine {

using provider::Progress;
using state::Entry;

Operations::Operations(Loop& loop, const schema::Catalogue& catalogue, provider::Providers& providers,
                       Journal& journal, Records& records, std::chrono::minutes timeout, std::uint64_t seed)
    : loop_(loop),
      catalogue_(catalogue),
      providers_(providers),
      journal_(journal),
      records_(records),
      timeout_(timeout),
      random_(seed) {}

std::chrono::steady_clock::time_point Operations::deadline(const Resource& resource) const {
  const std::chrono::seconds limit = resource.options.timeout.value_or(timeout_);
  return loop_.tick() + limit;
}

std::string Operations::newToken() { return fmt::format("athanor-{:016x}{:016x}", random_(), random_()); }

state::Put Operations::put(const Resource& resource) const {
  const auto* type = catalogue_.find(resource.type);
  return {resource, type ? secrets(*type, resource.resolved()) : std::vector<std::string>{}};
}

Task<> Operations::record(Resource resource) {
  std::vector<state::Write> writes;
  writes.push_back(put(resource));
  co_await journal_.commit(std::move(writes));
  records_.put(std::move(resource));
}

Task<> Operations::record(std::vector<plan::Key> gone, std::set<plan::Key> changed) {
  std::vector<state::Write> writes;
  for (const auto& [id, generation] : gone) writes.push_back(state::Drop{id, generation});
  for (const auto& key : changed) writes.push_back(put(records_.rows().at(key)));
  co_await journal_.commit(std::move(writes));
}

Task<> Operations::forget(std::string id, std::int64_t generation) {
  std::vector<state::Write> writes;
  writes.push_back(state::Drop{id, generation});
  co_await journal_.commit(std::move(writes));
  records_.drop(id, generation);
}

namespace {

Entry entryFor(Entry::Operation operation, const Resource& intended, const provider::Call& call,
               std::chrono::system_clock::time_point now) {
  Entry entry;
  entry.id = intended.id;
  entry.generation = intended.generation;
  entry.operation = operation;
  entry.type = intended.type;
  entry.identifier = call.identifier;
  entry.target = intended.target;
  entry.clientToken = call.clientToken;
  entry.body = call.body;
  entry.begunAt = now;
  entry.intended = intended;
  return entry;
}

const char* verb(Entry::Operation operation) {
  switch (operation) {
    case Entry::Operation::create:
      return "create";
    case Entry::Operation::update:
      return "update";
    case Entry::Operation::remove:
      return "delete";
  }
  return "update";
}

/// `holder` is the id that what exists already is recorded under; "" where it is somebody else's.
Error failure(const Entry& entry, const Progress& progress, const std::string& holder) {
  const std::string code = progress.errorCode.empty() ? "" : progress.errorCode + ": ";
  const auto next =
      progress.errorCode != "AlreadyExists" ? ""
      : holder.empty() ? "choose another name, delete the existing one, or take it over with `adopt: " +
                             (progress.identifier.empty() ? "true" : "\"" + progress.identifier + "\"") + "`"
                       : "it is recorded as " + holder +
                             ", and deletions come last: give this one the option `renamedFrom: \"" + holder +
                             "\"` if it is the same, else let " + holder + " go in a deployment of its own";
  return Error(ErrorCode::provider, fmt::format("could not {} {}: {}{}", verb(entry.operation), entry.type,
                                                code, progress.message))
      .of(entry.id)
      .at(entry.intended.source)
      .with(progress.requestToken.empty() ? "" : "request token " + progress.requestToken)
      .next(next);
}

}  // namespace

Task<Progress> Operations::send(Entry* entry, provider::Call call) {
  const auto at = entry->intended.source;
  const auto id = entry->id;
  std::exception_ptr refused;
  try {
    auto progress = co_await providerOf(entry->target).submit(std::move(call));
    std::vector<state::Write> writes;
    writes.push_back(state::Accept{entry->sequence, progress.requestToken, progress.identifier});
    co_await journal_.commit(std::move(writes));
    entry->requestToken = progress.requestToken;
    if (!progress.identifier.empty()) entry->identifier = progress.identifier;
    co_return progress;
  } catch (const Error& error) {
    // Whether it arrived is unknown, or could not be written down: the entry stays open and the next run
    // finds out.
    if (error.code() == ErrorCode::interrupted || error.code() == ErrorCode::state ||
        error.code() == ErrorCode::conflict)
      throw;
    refused = std::make_exception_ptr(Error(error).at(error.place().known() ? error.place() : at).of(id));
  }
  co_await abandon(*entry);
  std::rethrow_exception(refused);
}

Task<> Operations::abandon(Entry entry) {
  std::vector<state::Write> writes;
  writes.push_back(state::Close{entry.sequence});
  co_await journal_.commit(std::move(writes));
}

/// The whole protocol of one operation: intent, request, answer, outcome.
Task<Resource> Operations::carryOut(Entry::Operation operation, Resource intended, provider::Call call) {
  auto entry = entryFor(operation, intended, call, loop_.now());
  entry.secrets = put(intended).secrets;
  std::vector<state::Write> writes;
  writes.push_back(state::Begin{&entry});
  co_await journal_.commit(std::move(writes));
  auto progress = co_await send(&entry, std::move(call));
  co_return co_await finish(std::move(entry), std::move(progress));
}

Task<Resource> Operations::create(Resource intended) {
  auto call = providerOf(intended.target).createCall(intended.type, intended.resolved(), newToken());
  co_return co_await carryOut(Entry::Operation::create, std::move(intended), std::move(call));
}

Task<Resource> Operations::update(Resource recorded, Resource intended, std::optional<Json> live) {
  auto& provider = providerOf(intended.target);
  if (!live) {
    auto found = co_await provider.read(intended.type, recorded.identifier);
    if (!found)
      throw Error(ErrorCode::notFound, intended.type + " " + recorded.identifier + " no longer exists")
          .of(intended.id)
          .at(intended.source)
          .next("run the command again: it will be created anew");
    live = std::move(found->properties);
  }
  const auto& ignored = intended.options.ignoreChanges;
  const auto desired = plan::withIgnored(intended.resolved(), ignored, *live, recorded.resolved());
  auto call = provider.updateCall(intended.type, recorded.identifier, *live, recorded.resolved(), desired,
                                  newToken());
  if (!call) {
    intended.outputs = std::move(*live);
    co_await record(intended);
    co_return intended;
  }
  co_return co_await carryOut(Entry::Operation::update, std::move(intended), std::move(*call));
}

Task<> Operations::remove(Resource recorded) {
  if (recorded.options.emptyOnDelete)
    co_await providerOf(recorded.target).empty(recorded.type, recorded.identifier, deadline(recorded));
  auto call = providerOf(recorded.target).deleteCall(recorded.type, recorded.identifier, newToken());
  (void)co_await carryOut(Entry::Operation::remove, std::move(recorded), std::move(call));
}

Task<Resource> Operations::finish(Entry entry, Progress progress) {
  auto& provider = providerOf(entry.target);
  auto resource = entry.intended;
  progress = co_await provider.wait(std::move(progress), deadline(resource));
  if (progress.identifier.empty()) progress.identifier = entry.identifier;
  if (progress.status != provider::Status::succeeded) co_await fail(entry, progress);

  std::vector<state::Write> writes;
  writes.push_back(state::Close{entry.sequence});
  if (entry.operation == Entry::Operation::remove) {
    writes.push_back(state::Drop{entry.id, entry.generation});
    co_await journal_.commit(std::move(writes));
    records_.drop(entry.id, entry.generation);
    co_return resource;
  }
  auto live = co_await readBack(entry.target, entry.type, progress, resource.resolved());
  resource.identifier = live.identifier.empty() ? progress.identifier : live.identifier;
  resource.outputs = std::move(live.properties);
  resource.status = Resource::Status::created;
  std::vector<Resource> changed{resource};
  if (const auto* old = records_.current(resource.id); old && old->generation < resource.generation) {
    changed.push_back(*old);
    changed.back().status = Resource::Status::leaving;
  }
  for (const auto& one : changed) writes.push_back(put(one));
  co_await journal_.commit(std::move(writes));
  for (auto& one : changed) records_.put(std::move(one));
  co_return resource;
}

std::string Operations::holderOf(const Entry& entry, const std::string& identifier) const {
  const auto* type = catalogue_.find(entry.type);
  const auto own = type ? schema::identifierOf(*type, entry.intended.resolved()) : std::nullopt;
  const auto wanted = identifier.empty() && own ? *own : identifier;
  for (const auto& [key, resource] : records_.rows())
    if (resource.id != entry.id && resource.type == entry.type && resource.identifier == wanted &&
        resource.target == entry.target)
      return resource.id;
  return "";
}

/// Closes the entry of a failed operation, keeps what it left behind, and throws the failure.
Task<> Operations::fail(Entry entry, Progress progress) {
  std::vector<state::Write> writes;
  writes.push_back(state::Close{entry.sequence});
  std::optional<Resource> remnant;
  // AlreadyExists names somebody else's resource; any other identifier of a failed create may be our remnant.
  if (entry.operation == Entry::Operation::create && !progress.identifier.empty() &&
      progress.errorCode != "AlreadyExists") {
    if (auto live = co_await providerOf(entry.target).read(entry.type, progress.identifier)) {
      remnant = entry.intended;
      remnant->identifier = progress.identifier;
      remnant->outputs = std::move(live->properties);
      remnant->status = Resource::Status::tainted;
      writes.push_back(put(*remnant));
    }
  }
  co_await journal_.commit(std::move(writes));
  if (remnant) records_.put(std::move(*remnant));
  throw failure(entry, progress, holderOf(entry, progress.identifier));
}

/// The resource as the service shows it after a create or update. A read right after a create may say
/// NotFound for a while; then the operation's own model has to do.
Task<provider::Live> Operations::readBack(Target target, std::string type, Progress progress, Json fallback) {
  using namespace std::chrono_literals;
  auto& provider = providerOf(target);
  for (auto pause = 100ms; pause < 10s; pause *= 2) {
    if (auto live = co_await provider.read(type, progress.identifier)) co_return std::move(*live);
    co_await sleepFor(loop_, pause);
  }
  co_return provider::Live{progress.identifier,
                           progress.model.is_object() ? progress.model : std::move(fallback)};
}

}  // namespace athanor::engine
