#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "base/random_text.h"
#include "recorder/channel.h"

namespace athanor::recorder {

/// "st-" and 23 of [A-Za-z0-9], as IVS names streams.
std::string streamId(const Random& random);
/// Where a recording lies: the destination's own prefix, then IVS's "ivs/v1/<account>/<channel
/// id>/<year>/<month>/ <day>/<hours>/<minutes>/<recording id>", in UTC, without leading zeros or a slash at
/// the end.
std::string keyPrefix(const Destination& destination, const Channel& channel,
                      std::chrono::system_clock::time_point start, const std::string& recordingId);

}  // namespace athanor::recorder
