#pragma once

#include <chrono>

#include "base/json.h"
#include "provider/provider.h"

namespace athanor::provider::cloudcontrol {

/// A ProgressEvent of Cloud Control. `now` is the service's time, `ahead` how far its clock is ahead of
/// ours: RetryAfter, which comes as seconds or as a time, is told in ours.
Progress progressFrom(const Json& event, std::chrono::system_clock::time_point now,
                      std::chrono::milliseconds ahead);

}  // namespace athanor::provider::cloudcontrol
