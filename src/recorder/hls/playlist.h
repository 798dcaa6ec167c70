#pragma once

#include <span>
#include <string>
#include <vector>

#include "recorder/segment.h"

namespace athanor::recorder::hls {

/// One rendition as the multivariant playlist lists it.
struct Variant {
  std::string path;    ///< its folder: "720p30"
  std::string codecs;  ///< "avc1.64001f,mp4a.40.2"
  int width = 0, height = 0;
  double framesPerSecond = 0;
  std::int64_t peakBitsPerSecond = 0;     ///< of any segment
  std::int64_t averageBitsPerSecond = 0;  ///< over all segments
};

/// Counts one more segment in the rates of a rendition, as RFC 8216, 4.3.4.2 defines BANDWIDTH and
/// AVERAGE-BANDWIDTH; `bytes` and `duration` are those of all its segments with this one.
void addRate(Variant& variant, const Segment& segment, std::uint64_t bytes, Ticks duration);

/// A multivariant playlist, best first: "master.m3u8" with `playlist` "playlist.m3u8".
std::string multivariant(std::span<const Variant> variants, std::string_view playlist);

/// The media playlist of a rendition whose segments are "<number>.ts" beside it (RFC 8216, 4.3.3): an EVENT
/// that ends when the recording has.
std::string mediaPlaylist(std::span<const Segment> segments, bool ended);

/// The same as byte ranges of the segments, one keyframe interval each (EXT-X-BYTERANGE).
std::string byteRangePlaylist(std::span<const Segment> segments, bool ended);

}  // namespace athanor::recorder::hls
