#pragma once

#include <chrono>
#include <string>

namespace athanor {

/// "2026-01-02T03:04:05Z" (RFC 3339, UTC); what is below a second is left out.
std::string isoTime(std::chrono::system_clock::time_point time);
/// "2026-01-02T03:04:05.678Z".
std::string isoTimeWithMilliseconds(std::chrono::system_clock::time_point time);

}  // namespace athanor
