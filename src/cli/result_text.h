#pragma once

#include <chrono>
#include <string>

#include "base/json.h"
#include "cli/style.h"
#include "engine/deployment.h"

namespace athanor::cli {

/// How a deployment came to its end, beside its result.
struct Outcome {
  bool destroyed = false;      ///< it was a destroy
  bool unchanged = false;      ///< the plan had nothing to do
  bool stopped = false;        ///< by an interrupt
  std::size_t unselected = 0;  ///< changes that were not asked for
  std::chrono::nanoseconds took{0};
};

/// The last lines of deploy and destroy: what still stands, and one line that sums up. Each is ended.
std::string resultText(const engine::Result& result, const Outcome& outcome, const Style& style);

/// The last event of `deploy --json` (docs/cli.md).
Json resultJson(const engine::Result& result, bool stopped, std::chrono::nanoseconds took);

}  // namespace athanor::cli
