#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "plan/plan.h"

namespace athanor::plan {

/// How long a step of that type and action usually takes; none where that is not known.
using UsualDuration =
    std::function<std::optional<std::chrono::milliseconds>(const std::string& type, Action action)>;

/// How long carrying out the plan will take with `parallel` steps in flight: the steps in the order of their
/// dependencies, then the deletions. A replacement that was never seen is taken to last as long as its
/// creation and deletion. None where nothing is to be done, where the plan's rest is decided during the
/// deployment, and where the usual duration of any step is not known.
std::optional<std::chrono::milliseconds> predictDuration(const Plan& plan, const UsualDuration& usual,
                                                         std::size_t parallel);

/// True where a step asks its provider for something: a change of options alone does not.
bool asksProvider(const Step& step);

/// One piece of work of a schedule.
struct Job {
  std::chrono::milliseconds takes{0};
  std::vector<std::size_t> after = {};  ///< indexes of the jobs that must be done first; a cycle is cut
};

/// When the last of the jobs ends, where each starts as soon as it may and `parallel` run at once; of those
/// that wait for a place the one that has waited longest starts first.
std::chrono::milliseconds makespan(const std::vector<Job>& jobs, std::size_t parallel);

}  // namespace athanor::plan
