#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "local/cloudcontrol/operation.h"

namespace athanor::local::cloudcontrol {

/// What is to become of an operation that is just being accepted, where somebody else than its service
/// decides: faults that are switched on.
struct Fate {
  std::optional<std::chrono::milliseconds> latency;  ///< none: what every operation takes
  bool stuck = false;                                ///< never ends, unless it is cancelled
  std::string errorCode;  ///< "" = its service decides; else it ends as FAILED, with nothing done
  std::string message;    ///< StatusMessage
  bool halfway = false;   ///< of a create that fails: the resource exists all the same
  std::chrono::milliseconds stale{0};  ///< how long after its end reads show what was before
};

/// Asked once for each operation, when all else says that it can begin; a replayed ClientToken does not ask.
using FateOf = std::function<Fate(const ResourceKey&, Verb)>;

}  // namespace athanor::local::cloudcontrol
