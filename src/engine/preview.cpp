#include "engine/preview.h"

#include <algorithm>

#include "engine/check.h"
#include "schema/identifier.h"

namespace athanor::engine {

using plan::Action;

namespace {
/// Console lines of a preview that are kept for the case that it fails.
constexpr std::size_t mostLines = 10'000;
}  // namespace

Task<Target> Preview::target() {
  session_.assumed.usedTarget = true;
  co_return session_.target;
}

std::int64_t Preview::startTime() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(session_.started.time_since_epoch()).count();
}

void Preview::mistake(Error mistake) {
  mistakes_.push_back(std::move(mistake));
  unknownsOut_ = true;
}

void Preview::print(bool error, const std::string& text) {
  if (console_.size() < mostLines) console_.emplace_back(error, text);
}

void Preview::needed(const std::string& reference, SourcePlace source) {
  if (!endedEarly_.empty()) return;
  endedEarly_ = "the program needs the value of " + reference + ", which is known only during the deployment";
  endedAt_ = std::move(source);
}

/// What is not there yet may be made by this very deployment, once something is still to be made.
Task<Outputs> Preview::get(std::string type, std::string identifier, Options options, SourcePlace source) {
  if (session_.assumed.active) {
    session_.assumed.broken = unknownsOut_ = true;
    co_return unknownUnmanaged(std::move(type), identifier);
  }
  bool missing = false;
  try {
    co_return co_await readUnmanaged(&session_, type, identifier, std::move(options), std::move(source));
  } catch (const Error& error) {
    missing = error.code() == ErrorCode::notFound && unknownsOut_;
    if (!missing) throw;
  }
  co_return unknownUnmanaged(std::move(type), identifier);
}

Task<Outputs> Preview::declare(Declaration declaration) {
  auto mistakes = declared_.add(session_.context.catalogue, declaration);
  if (!mistakes.empty()) {
    for (auto& mistake : mistakes) mistakes_.push_back(std::move(mistake));
    unknownsOut_ = true;
    co_return Outputs{.type = declaration.type,
                      .id = declaration.id,
                      .identifier = "",
                      .values = Json::object(),
                      .open = true};
  }
  const auto& from = declaration.options.renamedFrom;
  const bool renames =
      !from.empty() && session_.records.current(from) && !session_.records.current(declaration.id);
  if (renames) rename(session_, from, declaration.id);
  co_return co_await plan(std::move(declaration), renames);
}

bool Preview::willChange(const Reference& reference) const {
  const auto action = actions_.find(reference.id);
  if (action == actions_.end() || action->second == Action::create || action->second == Action::replace)
    return true;
  const auto property = reference.path.substr(0, reference.path.find('/', 1));
  return action->second == Action::update && changing_.contains({reference.id, property});
}

Task<Outputs> Preview::plan(Declaration declaration, bool renamed) {
  const auto& type = *session_.context.catalogue.find(declaration.type);
  const bool certain = !unknownsOut_;
  declaration.secrets =
      united(std::move(declaration.secrets), session_.redaction.pointers(declaration.props));
  auto evidence = co_await evidenceFor(&session_, &declaration);
  evidence.willChange = [this](const Reference& reference) { return willChange(reference); };
  if (const auto forced = forced_.find(declaration.id); forced != forced_.end())
    evidence.forced = forced->second;
  auto dependsOn = plan::dependencies(declaration, names_);
  if (evidence.recorded && hasUnknown(evidence.recorded->props)) {
    const auto known = plan::withReferences(evidence.recorded->props, declaration.props,
                                            [&](const Reference& one) { return session_.records.find(one); });
    for (const auto& reference : references(known))
      if (std::ranges::find(dependsOn, reference.id) == dependsOn.end()) dependsOn.push_back(reference.id);
  }
  std::erase_if(dependsOn, [&](const std::string& id) { return !declared_.contains(id); });
  auto step = plan::planStep(type, std::move(declaration), evidence);
  step.dependsOn = std::move(dependsOn);
  step.certain = certain;
  if (renamed) {
    step.changes.push_back(
        {.path = "options.renamedFrom", .before = Json(), .after = step.declaration.options.renamedFrom});
    if (step.action == Action::keep) step.action = Action::update;
  }
  for (auto& change : step.changes)
    change.sensitive =
        change.sensitive || session_.redaction.holds(change.before) || session_.redaction.holds(change.after);
  if (step.action == Action::replace) planReplacement(step, type);
  auto outputs = step.action == Action::adopt ? outputsOf(step, type, *evidence.existing)
                                              : outputsOf(step, type, evidence.liveProps);
  actions_[step.id] = step.action;
  if (step.action == Action::update) noteChanging(step, evidence.recorded->resolved());
  if (outputs.open) unknownsOut_ = true;
  names_.add(step.id, outputs.identifier, outputs.values);
  if (step.action == Action::keep) step.declaration = {};  // the replay declares it again; thousands add up
  steps_.push_back(std::move(step));
  co_return outputs;
}

/// Notes which properties an update gives another value; `sent` is what they are.
void Preview::noteChanging(const plan::Step& step, const Json& sent) {
  const auto& now = step.declaration.props;
  for (const auto& [key, value] : now.items())
    if (sent.value(key, Json()) != value) changing_.insert({step.id, "/" + escapePointer(key)});
  for (const auto& [key, value] : sent.items())
    if (!now.contains(key)) changing_.insert({step.id, "/" + escapePointer(key)});
}

/// In which order the generations live, and what that means for those that refer to the resource.
void Preview::planReplacement(plan::Step& step, const schema::Type& type) {
  const auto& recorded = *session_.records.current(step.id);
  step.empties = recorded.options.emptyOnDelete && !recorded.options.retain;
  if (!dependents_) dependents_ = dependentsOf(session_.records);
  for (const auto& [id, generation] : dependents_->of(step.id))
    if (const auto* holder = session_.records.current(id); holder && holder->generation == generation)
      step.referredBy.push_back(id);
  step.orderReason = forced_.contains(step.id) ? "what it refers to has to be deleted first"
                                               : plan::deletesFirstBecause(type, recorded, step.declaration);
  if (step.orderReason.empty()) return;
  step.order = plan::Order::deleteFirst;
  step.interruptions.push_back(step.id + " does not exist");
  if (!forced_.contains(step.id)) planReleases(step, recorded);
}

void Preview::planReleases(plan::Step& step, const Resource& going) {
  for (const auto& release : plan::releases(lookUp(session_, *dependents_), going)) {
    const auto& id = release.resource.first;
    if (release.kind == plan::Release::Kind::clear)
      step.interruptions.push_back(id + " is without its " + release.path);
    else
      force(release);
  }
}

/// A resource that refers for good to one that is deleted first goes before it and is made again after it.
void Preview::force(const plan::Release& release) {
  const auto& id = release.resource.first;
  const auto* recorded = session_.records.current(id);
  if (!recorded || recorded->generation != release.resource.second) return;
  const auto& why = forced_[id] =
      release.path + " refers to " + release.refersTo + ", which is deleted before it is made again";
  for (auto& step : steps_) {
    if (step.id != id || step.action == Action::replace || step.action == Action::create) continue;
    step.action = actions_[id] = Action::replace;
    step.reasons.push_back(why);
    step.certain = false;
    planReplacement(step, *session_.context.catalogue.find(recorded->type));
  }
}

/// Outputs where they cannot change: all that are live for a resource that is kept; as recorded for one that
/// is updated, what no update can touch — its identifier, create-only properties, ARNs — and its unchanged
/// props.
Outputs Preview::outputsOf(const plan::Step& step, const schema::Type& type, const Json& live) {
  Outputs outputs{.type = step.type, .id = step.id, .identifier = "", .values = Json::object(), .open = true};
  if (step.action == Action::create || step.action == Action::replace) return outputs;
  const auto& recorded = *session_.records.current(step.id);
  const auto& values = step.action == Action::keep && live.is_object() ? live : recorded.outputs;
  outputs.identifier = recorded.identifier;
  if (step.action == Action::keep) {
    outputs.values = values;
    outputs.open = false;
    return outputs;
  }
  addFixed(outputs, step, type, recorded.resolved(), values);
  return outputs;
}

/// Those of what is taken over that taking it over does not change.
Outputs Preview::outputsOf(const plan::Step& step, const schema::Type& type, const plan::Existing& existing) {
  Outputs outputs{.type = step.type,
                  .id = step.id,
                  .identifier = existing.identifier,
                  .values = Json::object(),
                  .open = true};
  addFixed(outputs, step, type, existing.properties, existing.properties);
  if (step.changes.empty()) {
    outputs.values = existing.properties;
    outputs.open = false;
  }
  return outputs;
}

/// Of `values`, what an update cannot change, and what is declared as it was sent.
void Preview::addFixed(Outputs& outputs, const plan::Step& step, const schema::Type& type, const Json& was,
                       const Json& values) {
  const auto identifier = schema::identifierParts(type, outputs.identifier).value_or(Json::object());
  for (const auto& [key, value] : values.items()) {
    const auto* property = type.root->find(key);
    const bool arn = value.is_string() && value.get_ref<const std::string&>().starts_with("arn:");
    const bool fixed = identifier.contains(key) || (property && property->createOnly) ||
                       (property && property->readOnly && arn);
    const auto declared = step.declaration.props.find(key);
    const auto sent = was.find(key);
    const bool unchanged =
        declared != step.declaration.props.end() && sent != was.end() && *declared == *sent;
    if (fixed || unchanged) outputs.values[key] = value;
  }
}

/// The creation that had failed before a resource was declared and is to be tried again; "" where there is
/// none. Of what it depends on, that is what never came to be.
std::string Preview::failedBefore(const Resource& resource) const {
  for (const auto& id : resource.dependsOn) {
    const auto* recorded = session_.records.current(id);
    const bool missing = !recorded || recorded->status == Resource::Status::tainted;
    if (missing && actions_.contains(id)) return id;
  }
  return "";
}

void Preview::planDeletes(plan::Plan& plan) const {
  std::vector<Resource> going;
  for (const auto& [key, resource] : session_.records.rows()) {
    const bool leaving = resource.status == Resource::Status::leaving;
    if (!leaving && declared_.contains(resource.id)) continue;
    const auto failed = leaving ? "" : failedBefore(resource);
    if (failed.empty())
      going.push_back(resource);
    else if (session_.settings.selection.all())
      plan.undecided.push_back(
          plan::planDelete(resource, "the program declared it only after " + failed +
                                         " had failed: it is deleted unless that happens again"));
  }
  const auto before = plan::deleteOrder(going);
  std::vector<std::size_t> order;
  std::vector<bool> placed(going.size());
  const std::function<void(std::size_t)> place = [&](std::size_t i) {
    if (placed[i]) return;
    placed[i] = true;
    for (const auto earlier : before[i]) place(earlier);
    order.push_back(i);
  };
  for (std::size_t i = 0; i < going.size(); ++i) place(i);
  for (const auto i : order) {
    auto step = plan::planDelete(going[i], going[i].status == Resource::Status::leaving
                                               ? "it is left over from an interrupted replacement"
                                               : "the program no longer declares it");
    for (const auto earlier : before[i]) step.dependsOn.push_back(going[earlier].id);
    plan.steps.push_back(std::move(step));
  }
}

void Preview::refuse(std::optional<Error> failure) {
  for (const auto& [error, line] : console_) session_.context.reporter.console(error, line);
  if (mistakes_.empty()) throw Error(*failure);
  if (failure) mistakes_.push_back(std::move(*failure));
  throw InvalidProgram(std::move(mistakes_));
}

void Preview::refuseMistakes(const std::optional<Error>& failure) {
  if (!mistakes_.empty()) refuse({});
  if (failure && !unknownRead_ && !session_.assumed.broken) refuse(failure);
}

plan::Plan Preview::finish(std::optional<Error> failure) {
  if (failure && mistakes_.empty() && unknownRead_ && failure->code() == ErrorCode::program) {
    if (endedEarly_.empty()) {
      endedEarly_ = "the program ended with \"" + session_.redaction.text(failure->what()) +
                    "\", after it had been handed values that are not known yet";
      endedAt_ = failure->place();
    }
    failure.reset();
  }
  if (failure || !mistakes_.empty()) refuse(std::move(failure));
  plan::Plan plan{.app = session_.settings.scope.app,
                  .stage = session_.settings.scope.stage,
                  .target = session_.target,
                  .steps = std::move(steps_),
                  .endedEarly = endedEarly_,
                  .endedAt = endedAt_,
                  .unchecked = !session_.settings.refresh};
  if (endedEarly_.empty()) planDeletes(plan);
  plan = plan::select(std::move(plan), session_.settings.selection);
  for (const auto* steps : {&plan.steps, &plan.undecided})
    for (const auto& step : *steps) refuseIfKept(step, session_);
  return plan;
}

plan::Plan Preview::finishDestroy() const {
  plan::Plan plan{.app = session_.settings.scope.app,
                  .stage = session_.settings.scope.stage,
                  .target = session_.target,
                  .endedEarly = {},
                  .endedAt = {}};
  planDeletes(plan);
  plan = plan::select(std::move(plan), session_.settings.selection);
  for (auto& step : plan.steps) step.reasons = {};
  for (const auto& step : plan.steps) refuseIfKept(step, session_);
  return plan;
}

Outputs unknownUnmanaged(std::string type, const std::string& identifier) {
  auto id = type + " " + identifier;  // no declaration's id has a space after a type's name
  return {
      .type = std::move(type), .id = std::move(id), .identifier = "", .values = Json::object(), .open = true};
}

Task<Outputs> readUnmanaged(Session* session, std::string type, std::string identifier, Options options,
                            SourcePlace source) {
  const auto target = co_await targetOf(session, std::move(options));
  auto live = co_await session->context.providers.provider(target).read(type, identifier);
  if (!live)
    throw Error(ErrorCode::notFound, "there is no " + type + " \"" + identifier + "\" in " + toString(target))
        .at(std::move(source));
  co_return Outputs{.type = std::move(type),
                    .id = "",
                    .identifier = std::move(live->identifier),
                    .values = std::move(live->properties),
                    .open = false};
}

}  // namespace athanor::engine
