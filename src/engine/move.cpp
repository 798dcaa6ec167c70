#include "engine/move.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "plan/rename.h"
#include "state/secrets.h"

namespace athanor::engine {

namespace {

/// JSON pointers of the sealed values in `tree`.
void collectSealed(const Json& tree, const std::string& here, std::set<std::string>& out) {
  if (state::isSealed(tree)) {
    out.insert(here);
  } else if (tree.is_structured()) {
    for (const auto& [key, inner] : tree.items()) collectSealed(inner, here + "/" + escapePointer(key), out);
  }
}

/// What rests sealed in a row, so that it does so in another as well.
std::vector<std::string> sealedIn(const Resource& resource) {
  std::set<std::string> found(resource.secrets.begin(), resource.secrets.end());
  for (const auto* tree : {&resource.props, &resource.resolved(), &resource.outputs})
    collectSealed(*tree, "", found);
  return {found.begin(), found.end()};
}

void refuseWhereOpen(const std::vector<state::Entry>& entries, const std::string& from,
                     const std::string& to) {
  for (const auto& entry : entries) {
    if (entry.id != to && !plan::renamed(entry.intended, from, to)) continue;
    throw Error(ErrorCode::refused,
                fmt::format("an interrupted operation on {} is still to be finished", entry.id))
        .of(entry.id)
        .next("Run `athanor deploy` first: it finishes what was interrupted.");
  }
}

}  // namespace

std::size_t moveRecord(state::Store& store, const state::Scope& scope, const std::string& from,
                       const std::string& to, state::Run by) {
  const auto lock = store.lock(scope, "state mv");
  const auto resources = store.resources(scope, state::Secrets::sealed);
  const auto recorded = [&](const std::string& id) {
    return std::ranges::find(resources, id, &Resource::id) != resources.end();
  };
  if (!recorded(from))
    throw Error(ErrorCode::notFound,
                fmt::format("{} {} has no resource \"{}\"", scope.app, scope.stage, from))
        .next("`athanor state list` names those that are there.");
  if (recorded(to))
    throw Error(ErrorCode::refused, fmt::format("the id \"{}\" is taken", to))
        .of(to)
        .next("Choose another, or give that resource another id first.");
  refuseWhereOpen(store.journal(scope, state::Secrets::sealed), from, to);
  std::vector<state::Write> writes;
  std::size_t others = 0;
  for (const auto& resource : resources) {
    auto now = plan::renamed(resource, from, to);
    if (!now) continue;
    if (resource.id == from)
      writes.push_back(state::Drop{resource.id, resource.generation});
    else
      ++others;
    auto sealed = sealedIn(*now);
    writes.push_back(state::Put{std::move(*now), std::move(sealed)});
  }
  if (const auto info = store.info(scope)) {
    by.program = info->program;
    by.target = info->target;
  }
  by.outcome = state::Run::Outcome::succeeded;
  by.planned = by.done = {.update = 1};
  writes.push_back(state::Log{&by});
  lock->commit(writes);
  return others;
}

}  // namespace athanor::engine
