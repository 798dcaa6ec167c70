#pragma once

#include <string>

#include "base/json.h"

namespace athanor::cli {

/// A line for each recording: when it began, how long it is, in which state, where it lies.
std::string recordingsText(const Json& recordings);

/// One event of EventBridge's envelope in a line.
std::string eventText(const Json& event);

}  // namespace athanor::cli
