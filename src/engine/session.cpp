#include "engine/session.h"

namespace athanor::engine {

Task<Target> targetOf(Session* session, Options options) {
  if (options.region.empty() && options.profile.empty()) co_return session->target;
  co_return co_await session->context.providers.target(options.region, options.profile);
}

Task<plan::Evidence> evidenceFor(Session* session, const Declaration* declaration) {
  plan::Evidence evidence;
  evidence.target = co_await targetOf(session, declaration->options);
  evidence.recorded = session->records.current(declaration->id);
  if (!evidence.recorded) co_return evidence;
  auto found = co_await session->live.found(declaration->id);
  evidence.live = found.state;
  evidence.liveProps = std::move(found.properties);
  // It may have gone from the records while the answer was awaited.
  evidence.recorded = session->records.current(declaration->id);
  if (evidence.recorded && evidence.live == plan::Evidence::Live::present)
    evidence.sent = session->context.providers.provider(evidence.recorded->target)
                        .wire(evidence.recorded->type, evidence.recorded->resolved);
  co_return evidence;
}

void refuseIfProtected(const plan::Step& step, const Records& records) {
  if (step.action != plan::Action::remove && step.action != plan::Action::replace) return;
  const auto* recorded = records.current(step.id);
  if (!recorded || recorded->generation != step.generation || !recorded->options.protect) return;
  const bool deletes = step.action == plan::Action::remove;
  throw Error(ErrorCode::refused,
              step.id + " is protected and would be " + (deletes ? "deleted" : "replaced"))
      .of(step.id)
      .at(step.source)
      .next("deploy it once with `protect: false` if it is really to go");
}

}  // namespace athanor::engine
