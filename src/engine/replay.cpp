#include "engine/replay.h"

#include <algorithm>

#include "base/reference.h"
#include "engine/check.h"
#include "engine/preview.h"
#include "plan/ignored.h"
#include "schema/compare.h"

namespace athanor::engine {

using plan::Action;

Replay::Replay(Session& session, Operations& operations, const plan::Plan& approved)
    : session_(session),
      operations_(operations),
      slots_(std::max<std::size_t>(1, session.settings.parallel)),
      whole_(approved.endedEarly.empty()),
      unselected_(approved.unselected.begin(), approved.unselected.end()),
      partial_(!session.settings.selection.all() || !approved.unselected.empty()) {
  for (const auto& step : approved.steps) {
    if (step.action == Action::remove || step.action == Action::replace)
      approved_.emplace(std::pair(step.id, step.generation), step.action);
    if (step.action == Action::remove) continue;
    auto node = std::make_unique<Node>(Node{.step = step, .planned = true});
    if (hasUnknown(step.declaration.props)) node->planProps = step.declaration.props;
    order_.push_back(node.get());
    nodes_.emplace(step.id, std::move(node));
  }
  for (const auto& step : approved.undecided) {
    approved_.emplace(std::pair(step.id, step.generation), step.action);
    undecided_.insert(step.id);
  }
}

Task<Target> Replay::target() { co_return session_.target; }

std::int64_t Replay::startTime() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(session_.started.time_since_epoch()).count();
}

void Replay::print(bool error, const std::string& text) { session_.context.reporter.console(error, text); }

Task<Outputs> Replay::get(std::string type, std::string identifier, Options options, SourcePlace source) {
  return readUnmanaged(&session_, std::move(type), std::move(identifier), std::move(options),
                       std::move(source));
}

void Replay::declareAll() {
  for (auto* node : order_) {
    node->declared = true;
    node->mayStart.resolve();
  }
}

void Replay::start() {
  for (auto* node : order_)
    if (node->step.action != Action::keep) {
      node->spawned = true;
      spawn(run(node));
    }
}

bool Replay::mayRunAhead(const Node& node) const {
  return node.planned && (node.step.certain || node.step.action == Action::create);
}

Replay::Node& Replay::nodeFor(const Declaration& declaration) {
  auto& slot = nodes_[declaration.id];
  if (!slot) {
    slot = std::make_unique<Node>();
    slot->step.id = declaration.id;
    slot->step.type = declaration.type;
    slot->step.certain = false;
    order_.push_back(slot.get());
  }
  return *slot;
}

/// True for what was not asked for, and for what needs it and was declared only now.
bool Replay::unselected(const Declaration& declaration, const std::vector<std::string>& dependsOn) {
  if (session_.settings.selection.all() || nodes_.contains(declaration.id)) return false;
  const bool late = !unselected_.contains(declaration.id);
  const auto needsOther = [&](const std::string& id) { return unselected_.contains(id); };
  if (late && session_.settings.selection.targets.empty() && std::ranges::none_of(dependsOn, needsOther))
    return false;
  unselected_.insert(declaration.id);
  return true;
}

/// What is recorded of something that is left as it is; unknown where nothing is.
Outputs Replay::asRecorded(const Declaration& declaration) {
  const auto* resource = session_.records.current(declaration.id);
  Outputs outputs{.type = declaration.type,
                  .id = declaration.id,
                  .identifier = "",
                  .values = Json::object(),
                  .open = true};
  if (!resource || resource->type != declaration.type) return outputs;
  names_.add(resource->id, resource->identifier, resource->outputs);
  outputs.identifier = resource->identifier;
  outputs.values = resource->outputs;
  outputs.open = false;
  return outputs;
}

void Replay::needed(const std::string& reference, SourcePlace source) {
  short_ = true;
  session_.context.reporter.note("the program went no further than " + toString(source) +
                                 ", where it needs the value of " + reference +
                                 ", which was not selected: nothing is deleted");
}

Task<Outputs> Replay::declare(Declaration declaration) {
  if (auto mistakes = check(session_.context.catalogue, declaration); !mistakes.empty())
    throw Error(std::move(mistakes.front()));
  if (auto known = nodes_.find(declaration.id); known != nodes_.end() && known->second->declared)
    throw Error(ErrorCode::validation, "the id \"" + declaration.id + "\" is already declared")
        .at(declaration.source)
        .of(declaration.id);
  auto dependsOn = plan::dependencies(declaration, names_);
  if (unselected(declaration, dependsOn)) co_return asRecorded(declaration);
  std::erase_if(dependsOn, [&](const std::string& id) { return !nodes_.contains(id); });
  const bool unplanned = !nodes_.contains(declaration.id);
  if (unplanned) reportUnplanned(declaration.id);
  auto& node = nodeFor(declaration);
  if (unplanned) node.after = told_;
  // The plan knows of references that the replay sees only as plain values.
  for (const auto& id : node.step.dependsOn)
    if (nodes_.contains(id) && nodes_.at(id)->declared && std::ranges::find(dependsOn, id) == dependsOn.end())
      dependsOn.push_back(id);
  node.declared = true;
  const bool begun = node.state != State::waiting || node.ahead;
  if (!begun) {
    node.step.type = declaration.type;
    node.step.source = declaration.source;
    node.step.dependsOn = std::move(dependsOn);
    node.step.declaration = declaration;
  }
  node.mayStart.resolve();
  if (!std::exchange(node.spawned, true)) spawn(run(&node));
  co_await node.settled;
  if (begun) co_await settleLate(&node, std::move(declaration), std::move(dependsOn));
  if (node.error) {
    told_.push_back(node.step.id);
    std::rethrow_exception(node.error);
  }
  const auto& resource = *session_.records.current(node.step.id);
  names_.add(resource.id, resource.identifier, resource.outputs);
  co_return Outputs{.type = resource.type,
                    .id = resource.id,
                    .identifier = resource.identifier,
                    .values = resource.outputs,
                    .open = false};
}

/// A step that ran ahead is compared with what the replay then declared, and brought to it where it differs,
/// also where it failed. What it created itself may be replaced: no plan could have shown that.
Task<> Replay::settleLate(Node* node, Declaration declaration, std::vector<std::string> dependsOn) {
  const auto* recorded = session_.records.current(node->step.id);
  const auto& tried = node->step.declaration;
  const bool same = tried.type == declaration.type && tried.props == declaration.props &&
                    tried.options == declaration.options;
  if (recorded && node->step.action == Action::create)
    approved_.emplace(std::pair(recorded->id, recorded->generation), Action::replace);
  node->step.source = declaration.source;
  node->step.declaration = std::move(declaration);
  if (same) co_return;
  node->state = State::waiting;
  node->step.dependsOn = std::move(dependsOn);
  node->planned = node->ahead = false;
  node->error = nullptr;
  node->settled = Later<>();
  session_.context.reporter.note(node->step.id + " was declared otherwise than planned");
  co_await run(node);
}

Task<> Replay::run(Node* node) {
  co_await runSteps(node);
  node->settled.resolve();
}

/// Starts a step before its declaration, once what it depends on is done. Meanwhile the program may declare
/// it, and then with other dependencies: what the plan would have it wait for may only come after it.
Task<> Replay::getReady(Node* node) {
  node->gettingReady = true;
  const bool ready = co_await awaitDependencies(node);
  node->gettingReady = false;
  if (node->declared) co_return;
  node->ahead = ready && !(over_ && normally_);
  if (node->ahead || over_) node->mayStart.resolve();
}

/// Brings a node to its end; what goes wrong is kept in it and reported.
Task<> Replay::runSteps(Node* node) {
  try {
    if (mayRunAhead(*node) && !node->declared) spawn(getReady(node));
    co_await node->mayStart;
    if (!node->ahead) {
      if (!node->declared) {
        node->state = State::dropped;
        co_return;
      }
      if (!co_await awaitDependencies(node)) throw dependencyFailed(*node);
    }
    const auto slot = co_await slots_.take();
    if (over_ && normally_ && !node->declared) {
      node->state = State::dropped;
      co_return;
    }
    if (session_.stopped)
      throw Error(ErrorCode::interrupted, "not run: the deployment was stopped")
          .of(node->step.id)
          .at(node->step.source);
    refuseIfBlocked(session_, node->step.id, node->step.source);
    co_await refine(node);
    co_await execute(node);
  } catch (const Error& error) {
    const bool ran = node->state == State::running;
    node->state = ran || error.code() == ErrorCode::refused || error.code() == ErrorCode::provider
                      ? State::failed
                      : State::notRun;
    node->error = std::current_exception();
    session_.context.reporter.failed(node->step, error);
  } catch (const std::exception& error) {
    node->state = State::failed;
    node->error = std::current_exception();
    session_.context.reporter.failed(node->step, Error(ErrorCode::internal, error.what()).of(node->step.id));
  }
}

Error Replay::dependencyFailed(const Node& node) const {
  std::string names;
  for (const auto& id : node.step.dependsOn)
    if (const auto found = nodes_.find(id); found != nodes_.end() && found->second->error)
      names += (names.empty() ? "" : ", ") + id;
  return Error(ErrorCode::interrupted, "not run because " + names + " failed")
      .of(node.step.id)
      .at(node.step.source);
}

/// False where one of them failed or was not run. For a step that is not declared yet, that leaves it to the
/// replay.
Task<bool> Replay::awaitDependencies(Node* node) {
  const auto dependsOn = node->step.dependsOn;  // a declaration may replace it meanwhile
  for (const auto& id : dependsOn) {
    const auto found = nodes_.find(id);
    if (found == nodes_.end()) continue;
    auto* producer = found->second.get();
    // A kept resource has its outputs already.
    if (producer->step.action == Action::keep && producer->planned) continue;
    co_await producer->settled;
    if (producer->error || producer->state == State::dropped) co_return false;
  }
  if (node->declared) co_return true;
  // Only what has all its values may run before the replay says so.
  auto& props = node->step.declaration.props;
  auto known = substitute(props, [&](const Reference& one) { return session_.records.find(one); });
  if (hasUnknown(known)) co_return false;
  props = std::move(known);
  co_return true;
}

/// Plans the step again with the values that are known now.
Task<> Replay::refine(Node* node) {
  auto& step = node->step;
  const auto find = [this](const Reference& one) { return session_.records.find(one); };
  auto declaration = step.declaration;
  declaration.props = substitute(declaration.props, find);
  if (const auto missing = references(declaration.props); !missing.empty())
    throw Error(ErrorCode::interrupted,
                "not run because " + missing.front().id + " has no " + missing.front().path)
        .of(step.id)
        .at(step.source);
  const bool adopts = declaration.options.adopt || session_.settings.adopt;
  if (node->planned && step.action == Action::create && !adopts && !session_.records.current(step.id)) {
    step.declaration.props = std::move(declaration.props);
    co_return;
  }
  auto evidence = co_await evidenceFor(&session_, &declaration);
  evidence.willChange = [](const Reference&) { return false; };
  node->existing = evidence.existing;
  const auto dependsOn = step.dependsOn;
  const bool certain = step.certain;
  step = plan::planStep(*session_.context.catalogue.find(declaration.type), std::move(declaration), evidence);
  step.dependsOn = dependsOn;
  step.certain = certain;
  if (step.action == Action::replace) {
    step.orderReason = plan::deletesFirstBecause(*session_.context.catalogue.find(step.type),
                                                 *session_.records.current(step.id), step.declaration);
    if (!step.orderReason.empty()) step.order = plan::Order::deleteFirst;
  }
  refuseIfKept(step, session_);
  if (step.action == Action::replace && !approvedFor(step.id, step.generation))
    throw Error(ErrorCode::refused, "the approved plan did not show that " + step.id +
                                        " is to be replaced (" +
                                        (step.reasons.empty() ? "" : step.reasons.front()) + ")")
        .of(step.id)
        .at(step.source)
        .next("run it again to see the plan, or pass --allow-unplanned");
  // Its old generation made way for what it refers to.
  if (step.action == Action::create && released_.contains(step.id)) step.action = Action::replace;
}

/// The program declares something that the approved plan did not show so.
void Replay::reportUnplanned(const std::string& id) const {
  const auto* recorded = session_.records.current(id);
  if (undecided_.contains(id))
    session_.context.reporter.note(id + " stays: the program declares it again");
  else if (recorded && approved_.contains({id, recorded->generation}))
    session_.context.reporter.note(id + " stays: the plan showed its deletion, but the program declares it");
  else if (whole_)
    session_.context.reporter.note(id + " was not in the plan");
}

bool Replay::approvedFor(const std::string& id, std::int64_t generation) const {
  return session_.settings.allowUnplanned || approved_.contains({id, generation});
}

/// The record that a step leads to: props as a template where recorded references still resolve.
Resource Replay::intendedFor(const Node& node, const Target& target) const {
  const auto& step = node.step;
  const auto* recorded = session_.records.current(step.id);
  Resource resource;
  resource.id = step.id;
  resource.type = step.type;
  resource.target = target;
  auto sent = step.declaration.props;
  const Json* before = !node.planProps.is_null() ? &node.planProps : recorded ? &recorded->props : nullptr;
  auto props = before ? plan::withReferences(*before, sent,
                                             [&](const Reference& one) { return session_.records.find(one); })
                      : sent;
  if (recorded && (step.action == Action::keep || step.action == Action::update)) {
    // What is ignored was not sent: the record says what was.
    const auto& ignored = step.declaration.options.ignoreChanges;
    sent = plan::withIgnored(std::move(sent), ignored, recorded->resolved(), Json::object());
    props = plan::withIgnored(std::move(props), ignored, recorded->props, Json::object());
  }
  resource.setProps(std::move(props), std::move(sent));
  resource.options = lasting(step.declaration.options);
  resource.dependsOn = united(step.dependsOn, node.after);
  resource.source = step.source;
  resource.secrets = united(step.declaration.secrets, session_.redaction.pointers(resource.resolved()));
  return resource;
}

Task<> Replay::execute(Node* node) {
  node->state = State::running;
  auto& reporter = session_.context.reporter;
  const bool quiet = node->step.action == Action::keep;
  const auto turn = quiet ? nullptr : co_await turnOf(node->step.id);
  auto intended = intendedFor(*node, co_await targetOf(&session_, node->step.declaration.options));
  if (!quiet) reporter.started(node->step);
  const auto resource = co_await perform(node, std::move(intended));
  session_.live.forget(resource.id);
  node->state = State::done;
  if (!quiet) reporter.succeeded(node->step, resource.outputs);
}

/// One operation a resource at a time: its own step, or the release of what it refers to.
Task<Slots::Slot> Replay::turnOf(const std::string& id) {
  return turns_.try_emplace(id, std::size_t{1}).first->second.take();
}

/// Releases a resource that is to be deleted and made again from all that refers to it. Nothing is done where
/// any of it may not be.
Task<> Replay::makeWay(Node* node, Resource going) {
  if (!dependents_) dependents_ = dependentsOf(session_.records);
  const auto all = plan::releases(lookUp(session_, *dependents_), going);
  for (const auto& release : all) {
    const auto& [id, generation] = release.resource;
    refuseIfBlocked(session_, id, node->step.source);
    if (release.kind == plan::Release::Kind::remove) {
      plan::Step step{.id = id, .type = {}, .action = Action::remove, .source = node->step.source};
      step.generation = generation;
      refuseIfKept(step, session_);
      const auto& rows = session_.records.rows();
      if (rows.at(release.resource).status != Resource::Status::leaving && !approvedFor(id, generation))
        throw Error(ErrorCode::refused, "the approved plan did not show that " + id +
                                            " is to be deleted, which has to be before " + going.id + " is")
            .of(going.id)
            .at(node->step.source)
            .next("run it again to see the plan, or pass --allow-unplanned");
    }
  }
  for (const auto& one : all) co_await release(one);
}

Task<> Replay::release(plan::Release release) {
  const auto turn = co_await turnOf(release.resource.first);
  const auto row = session_.records.rows().find(release.resource);
  if (row == session_.records.rows().end()) co_return;  // its own step was first
  const auto holder = row->second;
  session_.live.forget(holder.id);
  if (release.kind == plan::Release::Kind::remove) {
    const auto step = plan::planDelete(holder, "it refers to " + release.refersTo + " by " + release.path);
    session_.context.reporter.started(step);
    co_await operations_.remove(holder);
    if (holder.status != Resource::Status::leaving) released_.insert(holder.id);
    session_.context.reporter.succeeded(step, Json::object());
    co_return;
  }
  auto without = holder;
  without.setProps(plan::cleared(holder.props, release), plan::cleared(holder.resolved(), release));
  session_.context.reporter.note(holder.id + " is without its " + release.path + " until " +
                                 release.refersTo + " is made again");
  (void)co_await operations_.update(holder, std::move(without), std::nullopt);
}

/// Records what stands already, and changes in it what the program says otherwise; nothing that the program
/// does not name is touched.
Task<Resource> Replay::adopt(Node* node, Resource intended) {
  intended.generation = session_.records.nextGeneration(intended.id);
  intended.identifier = node->existing->identifier;
  intended.outputs = node->existing->properties;
  if (node->step.changes.empty()) {
    co_await operations_.record(intended);
    co_return intended;
  }
  auto before = intended;
  co_return co_await operations_.update(std::move(before), std::move(intended),
                                        std::move(node->existing->properties));
}

Task<Resource> Replay::perform(Node* node, Resource intended) {
  const auto& step = node->step;
  const auto* found = session_.records.current(step.id);
  std::optional<Resource> recorded;
  if (found) recorded = *found;
  const bool gone = recorded && step.action == Action::create;
  if (gone) co_await operations_.forget(recorded->id, recorded->generation);
  if (step.action == Action::create || step.action == Action::replace) {
    if (recorded && step.order == plan::Order::deleteFirst) {
      co_await makeWay(node, *recorded);
      co_await operations_.remove(*recorded);
    }
    intended.generation = session_.records.nextGeneration(step.id);
    co_return co_await operations_.create(std::move(intended));
  }
  if (step.action == Action::adopt) co_return co_await adopt(node, std::move(intended));
  intended.generation = recorded->generation;
  intended.identifier = recorded->identifier;
  intended.outputs = recorded->outputs;
  auto live = co_await session_.live.found(step.id);
  const bool checked = live.state == plan::Evidence::Live::present;
  if (checked) intended.outputs = live.properties;
  const bool asks =
      step.action == Action::update && std::ranges::any_of(step.changes, [](const plan::Change& change) {
        return !change.path.starts_with("options.");
      });
  if (asks)
    co_return co_await operations_.update(*recorded, std::move(intended),
                                          checked ? std::optional(std::move(live.properties)) : std::nullopt);
  if (!(intended == *recorded)) co_await operations_.record(intended);
  co_return intended;
}

}  // namespace athanor::engine
