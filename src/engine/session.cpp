#include "engine/session.h"

#include <fmt/format.h>

#include "engine/adoption.h"
#include "plan/rename.h"

namespace athanor::engine {

Error otherTarget(const state::ScopeInfo& info, const Target& target) {
  return {ErrorCode::refused,
          fmt::format("{}/{} is deployed to {}, but this command is aimed at {}", info.scope.app,
                      info.scope.stage, toString(info.target), toString(target))};
}

Task<Target> targetOf(Session* session, Options options) {
  if (options.region.empty() && options.profile.empty()) co_return session->target;
  if (session->assumed.active) {
    session->assumed.broken = true;
    co_return session->target;
  }
  co_return co_await session->context.providers.target(options.region, options.profile);
}

plan::Dependents dependentsOf(const Records& records) {
  plan::Dependents dependents;
  for (const auto& [key, resource] : records.rows()) dependents.add(resource);
  return dependents;
}

plan::Recorded lookUp(const Session& session, const plan::Dependents& dependents) {
  return {.dependents = dependents,
          .find = [&session](const plan::Key& key) -> const Resource* {
            const auto& rows = session.records.rows();
            const auto row = rows.find(key);
            return row == rows.end() ? nullptr : &row->second;
          },
          .type = [&session](const std::string& name) { return session.context.catalogue.find(name); }};
}

Task<plan::Evidence> evidenceFor(Session* session, const Declaration* declaration) {
  plan::Evidence evidence;
  auto& assumed = session->assumed;
  evidence.recorded = session->records.current(declaration->id);
  if (assumed.active && evidence.recorded) {
    const auto& was = evidence.recorded->options;
    const auto& is = declaration->options;
    evidence.target = was.region == is.region && was.profile == is.profile ? evidence.recorded->target
                                                                           : co_await targetOf(session, is);
    assumed.broken = assumed.broken || was.ignoreChanges != is.ignoreChanges;
    co_return evidence;
  }
  evidence.target = co_await targetOf(session, declaration->options);
  evidence.recorded = session->records.current(declaration->id);
  if (!evidence.recorded) {
    if (!declaration->options.adopt && !session->settings.adopt) co_return evidence;
    if (assumed.active) {
      assumed.broken = true;
      co_return evidence;
    }
    evidence.existing = co_await findExisting(session, declaration);
    if (evidence.existing)
      evidence.sent =
          session->context.providers.provider(evidence.target).wire(declaration->type, declaration->props);
    co_return evidence;
  }
  auto found = co_await session->live.found(declaration->id);
  evidence.live = found.state;
  evidence.liveProps = std::move(found.properties);
  // It may have gone from the records while the answer was awaited.
  evidence.recorded = session->records.current(declaration->id);
  const auto* type = evidence.recorded ? session->context.catalogue.find(evidence.recorded->type) : nullptr;
  if (type && evidence.live == plan::Evidence::Live::present)
    evidence.sent = sentOf(*type, session->context.providers.provider(evidence.recorded->target),
                           *evidence.recorded, evidence.liveProps);
  co_return evidence;
}

void rename(Session& session, const std::string& from, const std::string& to) {
  std::vector<std::pair<plan::Key, Resource>> changed;
  for (const auto& [key, resource] : session.records.rows())
    if (auto now = plan::renamed(resource, from, to)) changed.emplace_back(key, std::move(*now));
  for (auto& [key, now] : changed) {
    if (key.first == from) {
      session.records.drop(key.first, key.second);
      session.renames.changed.erase(key);
      session.renames.gone.push_back(key);
    }
    session.renames.changed.emplace(now.id, now.generation);
    session.records.put(std::move(now));
  }
  session.live.rename(from, to);
}

void refuseIfBlocked(const Session& session, const std::string& id, const SourcePlace& source) {
  if (const auto blocked = session.blocked.find(id); blocked != session.blocked.end())
    throw Error(blocked->second).at(source);
}

void refuseIfKept(const plan::Step& step, const Session& session) {
  const bool deletes = step.action == plan::Action::remove;
  if (!deletes && step.action != plan::Action::replace) return;
  const auto* recorded = session.records.current(step.id);
  if (!recorded || recorded->generation != step.generation) return;
  if (recorded->options.protect && !session.settings.overrideProtect.contains(step.id))
    throw Error(ErrorCode::refused,
                step.id + " is protected and would be " + (deletes ? "deleted" : "replaced"))
        .of(step.id)
        .at(step.source)
        .next("if it is really to go, deploy it once with `protect: false`, or pass --override-protect " +
              step.id);
  if (recorded->options.retain && !deletes && step.order == plan::Order::deleteFirst)
    throw Error(ErrorCode::refused, step.id +
                                        " is retained, but would have to be deleted before it is made "
                                        "again, because " +
                                        step.orderReason)
        .of(step.id)
        .at(step.source)
        .next("give the new one another name, or deploy it once with `retain: false`");
}

}  // namespace athanor::engine
