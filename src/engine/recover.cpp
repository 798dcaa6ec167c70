#include <fmt/format.h>

#include "engine/operations.h"
#include "schema/compare.h"

namespace athanor::engine {

using namespace std::chrono_literals;
using provider::Progress;
using state::Entry;

namespace {

/// A token is good for 36 hours at AWS; this leaves room for clocks that differ.
constexpr auto tokenLife = 24h;

const char* noun(Entry::Operation operation) {
  switch (operation) {
    case Entry::Operation::create:
      return "creation";
    case Entry::Operation::update:
      return "update";
    case Entry::Operation::remove:
      return "deletion";
  }
  return "update";
}

provider::Operation toProvider(Entry::Operation operation) {
  switch (operation) {
    case Entry::Operation::create:
      return provider::Operation::create;
    case Entry::Operation::update:
      return provider::Operation::update;
    case Entry::Operation::remove:
      return provider::Operation::remove;
  }
  return provider::Operation::update;
}

}  // namespace

std::string about(const Entry& entry) {
  return fmt::format("the interrupted {} of {}", noun(entry.operation), entry.id);
}

Task<std::string> Operations::recover(Entry entry) {
  auto& provider = providers_.provider(entry.target);
  std::optional<Progress> progress;
  bool forgotten = false;
  if (!entry.requestToken.empty()) {
    try {
      progress = co_await provider.status(entry.requestToken);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::notFound) throw;
      forgotten = true;
    }
  }
  const auto age = loop_.now() - entry.begunAt;
  const bool sameToken = !progress && !forgotten && !entry.bodySealed && age >= 0s && age < tokenLife;
  if (!progress && !sameToken) co_return co_await lookUp(std::move(entry));

  if (sameToken) {
    provider::Call call{.operation = toProvider(entry.operation),
                        .type = entry.type,
                        .identifier = entry.identifier,
                        .target = entry.target,
                        .clientToken = entry.clientToken,
                        .body = entry.body};
    progress = co_await send(&entry, std::move(call));
  }
  (void)co_await finish(entry, std::move(*progress));
  co_return about(entry) + " is finished";
}

/// What became of an operation whose token no longer helps: by its identifier, else among the service's
/// requests.
Task<std::string> Operations::lookUp(Entry entry) {
  auto& provider = providers_.provider(entry.target);
  Progress found{.status = provider::Status::succeeded,
                 .operation = toProvider(entry.operation),
                 .type = entry.type,
                 .requestToken = entry.requestToken,
                 .identifier = entry.identifier,
                 .errorCode = {},
                 .message = {},
                 .model = {},
                 .retryAfter = {},
                 .eventTime = {}};
  if (entry.operation == Entry::Operation::create && entry.identifier.empty()) {
    const auto matches = co_await candidates(entry);
    if (matches.size() > 1) {
      std::string names;
      for (const auto& match : matches) names += (names.empty() ? "" : ", ") + match.identifier;
      throw Error(ErrorCode::interrupted, "it may have made any of " + names)
          .next("Delete those that are not wanted and run the command again.");
    }
    if (matches.empty()) {
      co_await abandon(entry);
      co_return about(entry) + " left nothing that could be found; it is planned anew";
    }
    found.identifier = matches.front().identifier;
  }
  const auto live = co_await provider.read(entry.type, found.identifier);
  if (entry.operation == Entry::Operation::remove ? live.has_value() : !live.has_value()) {
    co_await abandon(entry);  // it was not done: the plan sees to it
    co_return about(entry) + " had not been done";
  }
  if (entry.operation == Entry::Operation::update) {
    co_await abandon(entry);  // the record stays as it was, and the live state shows what is missing
    co_return about(entry) + " is compared with what is live";
  }
  (void)co_await finish(entry, std::move(found));
  co_return about(entry) + " is finished";
}

/// Successful creates since the entry was begun whose resource is as intended and belongs to no record.
Task<std::vector<Progress>> Operations::candidates(Entry entry) {
  auto& provider = providers_.provider(entry.target);
  const auto* type = catalogue_.find(entry.type);
  std::vector<Progress> out;
  // The clock may have been stepped since: a day either way costs a few more reads, no wrong match.
  for (auto& request : co_await provider.requests(entry.begunAt - 24h)) {
    if (request.operation != provider::Operation::create || request.type != entry.type) continue;
    if (request.status != provider::Status::succeeded || request.identifier.empty()) continue;
    bool recorded = false;
    for (const auto& [key, resource] : records_.rows())
      recorded = recorded || (resource.type == entry.type && resource.identifier == request.identifier);
    if (recorded) continue;
    const auto live = co_await provider.read(entry.type, request.identifier);
    if (live && type && schema::drift(*type, entry.intended.resolved(), live->properties).empty())
      out.push_back(std::move(request));
  }
  co_return out;
}

}  // namespace athanor::engine
