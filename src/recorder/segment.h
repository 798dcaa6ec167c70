#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "recorder/media.h"

namespace athanor::recorder {

/// One keyframe interval of a segment: begins with PAT, PMT and an IDR picture, so that it plays by itself.
struct Part {
  std::uint64_t offset = 0, size = 0;  ///< bytes in the segment's file
  Ticks duration = 0;
};

/// One file of a rendition: "7.ts".
struct Segment {
  std::uint64_t number = 0;  ///< from 0, without gaps, over all streams of a recording
  std::uint64_t size = 0;    ///< bytes
  Ticks duration = 0;        ///< the sum of its parts
  std::vector<Part> parts;
  /// When its first picture was taken: EXT-X-PROGRAM-DATE-TIME (RFC 8216, 4.3.2.6).
  std::chrono::system_clock::time_point at;
  bool discontinuity = false;  ///< the first of a stream that continues a recording
};

}  // namespace athanor::recorder
