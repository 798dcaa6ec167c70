#include <algorithm>

#include "engine/replay.h"

namespace athanor::engine {

using plan::Action;

Task<Result> Replay::finish(bool normally) {
  over_ = true;
  normally = normally && !short_;
  normally_ = normally;
  // Where the program failed, what would have run ahead of it still does.
  for (auto* node : order_)
    if (normally || !node->gettingReady) node->mayStart.resolve();
  for (auto* node : order_)
    if (node->spawned) co_await node->settled;
  if (normally) reportUndeclared();
  Result result;
  tally(result);
  if (normally) co_await removeUndeclared(&result);
  co_return result;
}

/// What the plan showed, and the program then did not declare.
void Replay::reportUndeclared() const {
  for (const auto* node : order_) {
    if (node->declared || node->step.action != Action::create) continue;
    const auto say = [&](const char* what) { session_.context.reporter.note(node->step.id + what); };
    if (node->state == State::done)
      say(" was created ahead, but the program did not declare it: it is deleted");
    else if (node->state == State::failed)
      say(" could not be created ahead, but the program did not declare it: nothing is missing");
    else if (node->state == State::dropped)
      say(" was planned to be created, but the program did not declare it");
  }
}

void Replay::tally(Result& result) const {
  for (const auto* node : order_) {
    const bool unwanted = normally_ && !node->declared && node->step.action == Action::create;
    if (node->state == State::failed && !unwanted) ++result.failed;
    if (node->state == State::notRun) ++result.notRun;
    if (node->state == State::dropped && released_.contains(node->step.id)) ++result.done.remove;
    if (node->state != State::done) continue;
    switch (node->step.action) {
      case Action::create:
        ++result.done.create;
        break;
      case Action::update:
        ++result.done.update;
        break;
      case Action::replace:
        ++result.done.replace;
        break;
      case Action::remove:
        ++result.done.remove;
        break;
      case Action::adopt:
        ++result.done.adopt;
        break;
      case Action::keep:
        ++result.done.keep;
        break;
    }
  }
}

/// Deletes, dependents first, what the replay did not declare and what replacements left behind. What a
/// resource that still stands was built on stays.
Task<> Replay::removeUndeclared(Result* result) {
  std::vector<Resource> going;
  std::set<std::string> stuck;  // ids that something still needs: their dependents failed or stay
  for (const auto& [key, resource] : session_.records.rows()) {
    const auto node = nodes_.find(resource.id);
    const bool declared = node != nodes_.end() && node->second->declared;
    const bool failed = node != nodes_.end() && node->second->error;
    const bool left = partial_ && (unselected_.contains(resource.id) || !deletionApproved(resource));
    if (resource.status == Resource::Status::leaving ? !failed && !unselected_.contains(resource.id)
                                                     : !declared && !left) {
      going.push_back(resource);
    } else if (failed) {
      stuck.insert(resource.dependsOn.begin(), resource.dependsOn.end());
    }
  }
  const auto before = plan::deleteOrder(going);
  std::vector<Later<>> done(going.size());
  for (std::size_t i = 0; i < going.size(); ++i) {
    std::vector<Later<>> earlier;
    for (const auto one : before[i]) earlier.push_back(done[one]);
    spawn(removeOne(&going[i], std::move(earlier), result, done[i], &stuck));
  }
  for (auto& one : done) co_await one;
}

/// Who agreed to a replacement did not agree to a deletion.
bool Replay::deletionApproved(const Resource& resource) const {
  const auto shown = approved_.find({resource.id, resource.generation});
  return session_.settings.allowUnplanned || (shown != approved_.end() && shown->second == Action::remove);
}

Task<> Replay::removeOne(const Resource* resource, std::vector<Later<>> before, Result* result, Later<> done,
                         std::set<std::string>* stuck) {
  for (auto& one : before) co_await one;
  const bool replaced = resource->status == Resource::Status::leaving;
  const auto node = nodes_.find(resource->id);
  const bool early = node != nodes_.end() && node->second->ahead && !node->second->declared;
  const bool adopted = early && node->second->step.action == Action::adopt;
  const bool ahead = adopted || (early && node->second->step.action == Action::create);
  const auto step = plan::planDelete(
      *resource, replaced  ? "it was replaced"
                 : adopted ? "it was adopted ahead and then not declared: it is only forgotten"
                 : ahead   ? "it was created ahead and then not declared"
                           : "the program no longer declares it");
  auto& reporter = session_.context.reporter;
  try {
    if (stuck->contains(resource->id))
      throw Error(ErrorCode::interrupted, "not deleted because what depends on it still stands")
          .of(resource->id);
    refuseIfBlocked(session_, resource->id, step.source);
    if (!replaced && !ahead) {
      refuseIfKept(step, session_);
      if (!deletionApproved(*resource))
        throw Error(ErrorCode::refused,
                    "the approved plan did not show that " + resource->id + " is to be deleted")
            .of(resource->id)
            .next("run it again to see the plan, or pass --allow-unplanned");
    }
    const auto slot = co_await slots_.take();
    if (session_.stopped)
      throw Error(ErrorCode::interrupted, "not deleted: the deployment was stopped").of(resource->id);
    reporter.started(step);
    if (adopted || (resource->options.retain && !ahead))
      co_await operations_.forget(resource->id, resource->generation);
    else
      co_await operations_.remove(*resource);
    if (!replaced) ++result->done.remove;
    reporter.succeeded(step, Json::object());
  } catch (const Error& error) {
    ++(error.code() == ErrorCode::interrupted ? result->notRun : result->failed);
    stuck->insert(resource->dependsOn.begin(), resource->dependsOn.end());
    reporter.failed(step, error);
  } catch (const std::exception& error) {
    ++result->failed;
    stuck->insert(resource->dependsOn.begin(), resource->dependsOn.end());
    reporter.failed(step, Error(ErrorCode::internal, error.what()).of(resource->id));
  }
  done.resolve();
}

}  // namespace athanor::engine
