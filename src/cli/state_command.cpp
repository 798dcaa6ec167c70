#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/time_text.h"
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/plan_text.h"
#include "cli/settings.h"
#include "cli/state_text.h"
#include "engine/move.h"
#include "state/export.h"

namespace athanor::cli {

namespace {

std::vector<Resource> resourcesOf(state::Store& store, const state::Scope& scope) {
  return store.resources(scope, state::Secrets::sealed);
}

void list(const Surroundings& around, StateAccess& access) {
  const auto scope = access.scope();
  const auto resources = resourcesOf(access.store(), scope);
  if (!around.arguments.json) return around.console.out(resourcesText(resources));
  Json rows = Json::array();
  for (const auto& resource : resources) {
    const auto all = toJson(resource);
    rows.push_back({{"id", resource.id},
                    {"generation", resource.generation},
                    {"type", resource.type},
                    {"identifier", resource.identifier},
                    {"status", all["status"]}});
  }
  around.console.json({{"app", scope.app}, {"stage", scope.stage}, {"resources", std::move(rows)}});
}

void show(const Surroundings& around, StateAccess& access) {
  const auto scope = access.scope();
  std::vector<Resource> found;
  for (auto& resource : resourcesOf(access.store(), scope))
    if (resource.id == around.arguments.subject) found.push_back(std::move(resource));
  if (found.empty())
    throw Error(ErrorCode::notFound,
                fmt::format("{} {} has no resource \"{}\"", scope.app, scope.stage, around.arguments.subject))
        .next("`athanor state list` names those that are there.");
  for (const auto& resource : found)
    around.arguments.json
        ? around.console.json(toJson(resource))
        : around.console.out(resourceText(resource, around.console.style(), around.directory));
}

void move(const Surroundings& around, StateAccess& access) {
  const auto& [from, to] = std::tie(around.arguments.subject, around.arguments.id);
  const auto scope = access.scope();
  const auto now = std::chrono::system_clock::now();
  const auto others = engine::moveRecord(access.store(), scope, from, to,
                                         {.command = fmt::format("state mv {} {}", from, to),
                                          .user = userName(),
                                          .host = hostName(),
                                          .begunAt = now,
                                          .endedAt = now});
  if (around.arguments.json)
    return around.console.json(
        {{"app", scope.app}, {"stage", scope.stage}, {"from", from}, {"to", to}, {"references", others}});
  around.console.out(fmt::format("{} is recorded as {} now{}.\n", from, to,
                                 others == 0 ? ""
                                 : others == 1
                                     ? ", and 1 resource that refers to it says so"
                                     : fmt::format(", and {} resources that refer to it say so", others)));
}

void stages(const Surroundings& around, StateAccess& access) {
  const auto scopes = access.store().scopes();
  if (!around.arguments.json) return around.console.out(stagesText(scopes));
  Json rows = Json::array();
  for (const auto& info : scopes)
    rows.push_back({{"app", info.scope.app},
                    {"stage", info.scope.stage},
                    {"program", info.program},
                    {"target", toJson(info.target)},
                    {"resources", info.resources},
                    {"updatedAt", isoTime(info.updatedAt)}});
  around.console.json({{"stages", std::move(rows)}});
}

}  // namespace

int stateCommand(const Surroundings& around) {
  StateAccess access(around);
  switch (around.arguments.verb) {
    case Verb::stateList:
      list(around, access);
      break;
    case Verb::stateShow:
      show(around, access);
      break;
    case Verb::stateExport:
      around.console.out(state::exportScope(access.store(), access.scope())
                             .dump(2, ' ', false, Json::error_handler_t::replace) +
                         "\n");
      break;
    case Verb::stateMove:
      move(around, access);
      break;
    default:
      stages(around, access);
  }
  return exitOk;
}

}  // namespace athanor::cli
