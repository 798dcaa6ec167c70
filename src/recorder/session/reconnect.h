#pragma once

#include <string>

#include "recorder/session/rows.h"

namespace athanor::recorder {

/// The rules by which IVS merges streams into one recording ("Merge Fragmented Streams" of its user guide).
constexpr std::size_t mostStreams = 20;
constexpr std::chrono::hours longestRecording{48};

/// "" where a stream of this format, begun at `now`, may continue the recording that waits for it; else why
/// not. Its rate is looked at once it is known.
std::string whyNotMerged(const Recording& recording, const Format& format, Time now);

/// True where the rates of two streams' first segments differ by at most half of the first one's.
bool similarRates(std::int64_t first, std::int64_t second);

/// Bits a second of a segment.
std::int64_t rateOf(const Segment& segment);

}  // namespace athanor::recorder
