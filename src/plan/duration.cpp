#include "plan/duration.h"

#include <algorithm>
#include <deque>
#include <queue>
#include <span>
#include <unordered_map>

namespace athanor::plan {

using std::chrono::milliseconds;

bool asksProvider(const Step& step) {
  if (step.action == Action::keep) return false;
  if (step.action != Action::update) return true;
  return std::ranges::any_of(step.changes,
                             [](const Change& change) { return !change.path.starts_with("options."); });
}

milliseconds makespan(const std::vector<Job>& jobs, std::size_t parallel) {
  std::vector<std::size_t> missing(jobs.size());
  std::vector<std::vector<std::size_t>> followers(jobs.size());
  std::deque<std::size_t> ready;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    missing[i] = jobs[i].after.size();
    for (const auto one : jobs[i].after) followers[one].push_back(i);
    if (missing[i] == 0) ready.push_back(i);
  }
  using Ending = std::pair<milliseconds, std::size_t>;
  std::priority_queue<Ending, std::vector<Ending>, std::greater<>> running;
  milliseconds now{0};
  std::size_t begun = 0, oldest = 0;
  std::vector<bool> seen(jobs.size());
  while (begun < jobs.size() || !running.empty()) {
    while (!ready.empty() && running.size() < std::max<std::size_t>(1, parallel)) {
      const auto job = ready.front();
      ready.pop_front();
      if (seen[job]) continue;
      seen[job] = true;
      ++begun;
      running.emplace(now + jobs[job].takes, job);
    }
    if (running.empty()) {  // all that is left waits for itself
      while (oldest < jobs.size() && seen[oldest]) ++oldest;
      if (oldest == jobs.size()) break;
      ready.push_back(oldest);
      continue;
    }
    const auto [end, job] = running.top();
    running.pop();
    now = end;
    for (const auto one : followers[job])
      if (--missing[one] == 0) ready.push_back(one);
  }
  return now;
}

namespace {

/// Jobs with their ids, and what is still to be said of who comes after whom.
class Schedule {
 public:
  explicit Schedule(const UsualDuration& usual) : usual_(usual) {}

  /// False where it is not known how long the step takes.
  bool add(const Step& step, Action action) {
    const auto takes = durationOf(step, action);
    if (!takes) return false;
    byId_[step.id].push_back(jobs_.size());
    jobs_.push_back({.takes = *takes});
    return true;
  }
  /// The job `at` waits for all jobs of an id.
  void follow(std::size_t at, const std::string& id) {
    for (const auto first : of(id))
      if (first != at) jobs_[at].after.push_back(first);
  }
  /// The jobs of an id.
  std::span<const std::size_t> of(const std::string& id) const {
    const auto found = byId_.find(id);
    return found == byId_.end() ? std::span<const std::size_t>() : found->second;
  }
  milliseconds length(std::size_t parallel) const { return makespan(jobs_, parallel); }

 private:
  std::optional<milliseconds> durationOf(const Step& step, Action action) const {
    if (!asksProvider(step)) return milliseconds{0};
    if (auto known = usual_(step.type, action); known || action != Action::replace) return known;
    const auto made = usual_(step.type, Action::create);
    if (!made || step.order == Order::createFirst) return made;
    const auto gone = usual_(step.type, Action::remove);
    return gone ? std::optional(*made + *gone) : std::nullopt;
  }

  const UsualDuration& usual_;
  std::vector<Job> jobs_;
  std::unordered_map<std::string, std::vector<std::size_t>> byId_;
};

/// An old generation is deleted once all steps are done.
bool leavesOne(const Step& step) {
  return step.action == Action::replace && step.order == Order::createFirst;
}

}  // namespace

std::optional<milliseconds> predictDuration(const Plan& plan, const UsualDuration& usual,
                                            std::size_t parallel) {
  if (!plan.endedEarly.empty() || plan.summary().changes() == 0) return {};
  Schedule steps(usual), deletions(usual);
  for (const auto& step : plan.steps) {
    if (step.action != Action::keep && step.action != Action::remove && !steps.add(step, step.action))
      return {};
    if ((step.action == Action::remove || leavesOne(step)) && !deletions.add(step, Action::remove)) return {};
  }
  std::size_t nextStep = 0, nextDeletion = 0;
  for (const auto& step : plan.steps) {
    if (step.action == Action::remove) {
      for (const auto& id : step.dependsOn) deletions.follow(nextDeletion, id);
      ++nextDeletion;
      continue;
    }
    if (step.action == Action::keep) continue;
    for (const auto& id : step.dependsOn) steps.follow(nextStep, id);
    ++nextStep;
    if (!leavesOne(step)) continue;
    // What an old one depended on goes after it.
    for (const auto& id : step.dependsOn)
      for (const auto later : deletions.of(id)) deletions.follow(later, step.id);
    ++nextDeletion;
  }
  return steps.length(parallel) + deletions.length(parallel);
}

}  // namespace athanor::plan
