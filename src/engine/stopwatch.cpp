#include "engine/stopwatch.h"

#include "plan/duration.h"

namespace athanor::engine {

void Stopwatch::started(const plan::Step& step) {
  running_[keyOf(step)] = loop_.tick();
  next_.started(step);
}

void Stopwatch::succeeded(const plan::Step& step, const Json& outputs) {
  if (const auto found = running_.find(keyOf(step)); found != running_.end()) {
    if (plan::asksProvider(step)) {
      auto& all = timings_[{step.type, plan::name(step.action)}];
      all.push_back(std::chrono::ceil<std::chrono::milliseconds>(loop_.tick() - found->second));
      if (all.size() > state::timingsKept) all.erase(all.begin());
    }
    running_.erase(found);
  }
  next_.succeeded(step, outputs);
}

void Stopwatch::failed(const plan::Step& step, const Error& error) {
  running_.erase(keyOf(step));
  next_.failed(step, error);
}

std::vector<state::Timing> Stopwatch::taken() {
  std::vector<state::Timing> all;
  for (const auto& [key, durations] : std::exchange(timings_, {}))
    for (const auto took : durations) all.push_back({key.first, key.second, took});
  return all;
}

}  // namespace athanor::engine
