#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "recorder/channel.h"

namespace athanor::recorder {

/// Uniform over all values.
using Random = std::function<std::uint64_t()>;

/// `length` of [A-Za-z0-9].
std::string randomName(const Random& random, std::size_t length);
/// "st-" and 23 of [A-Za-z0-9], as IVS names streams.
std::string streamId(const Random& random);
/// A random UUID (RFC 9562, version 4).
std::string eventId(const Random& random);

/// Where a recording lies: the destination's own prefix, then IVS's "ivs/v1/<account>/<channel
/// id>/<year>/<month>/ <day>/<hours>/<minutes>/<recording id>", in UTC, without leading zeros or a slash at
/// the end.
std::string keyPrefix(const Destination& destination, const Channel& channel,
                      std::chrono::system_clock::time_point start, const std::string& recordingId);

/// "2020-06-12T12:53:26Z"
std::string isoTime(std::chrono::system_clock::time_point at);

}  // namespace athanor::recorder
