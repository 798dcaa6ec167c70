#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace athanor::aws {

using WallTime = std::chrono::system_clock::time_point;

/// "2026-01-02T03:04:05Z", with a fraction, with an offset ("+01:00"), or without any zone (UTC). None where
/// `text` has another form.
std::optional<WallTime> parseIsoTime(std::string_view text);
/// "Fri, 02 Jan 2026 03:04:05 GMT" (RFC 9110 §5.6.7, the fixed form).
std::optional<WallTime> parseHttpDate(std::string_view text);
/// Seconds since 1970, with a fraction.
WallTime fromEpoch(double seconds);

}  // namespace athanor::aws
