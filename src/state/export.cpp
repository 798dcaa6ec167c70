#include "state/export.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/time_text.h"
#include "state/rows.h"

namespace athanor::state {

namespace {

Json toJson(const Entry& entry) {
  return {{"sequence", entry.sequence},         {"id", entry.id},
          {"generation", entry.generation},     {"attempt", entry.attempt},
          {"operation", name(entry.operation)}, {"type", entry.type},
          {"identifier", entry.identifier},     {"clientToken", entry.clientToken},
          {"requestToken", entry.requestToken}, {"begunAt", isoTime(entry.begunAt)}};
}

}  // namespace

Json exportScope(Store& store, const Scope& scope) {
  const auto info = store.info(scope);
  if (!info)
    throw Error(ErrorCode::notFound, fmt::format("the state {} knows no stage \"{}\" of \"{}\"",
                                                 store.location(), scope.stage, scope.app))
        .next("`athanor stages` lists what is there.");
  Json resources = Json::array();
  for (const auto& resource : store.resources(scope, Secrets::sealed))
    resources.push_back(athanor::toJson(resource));
  Json journal = Json::array();
  for (const auto& entry : store.journal(scope, Secrets::sealed)) journal.push_back(toJson(entry));
  return {{"format", 1},
          {"app", scope.app},
          {"stage", scope.stage},
          {"program", info->program},
          {"target", athanor::toJson(info->target)},
          {"updatedAt", isoTime(info->updatedAt)},
          {"resources", std::move(resources)},
          {"journal", std::move(journal)}};
}

}  // namespace athanor::state
