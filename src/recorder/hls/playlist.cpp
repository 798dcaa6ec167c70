#include "recorder/hls/playlist.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/time_text.h"

namespace athanor::recorder::hls {

namespace {

std::int64_t bitsPerSecond(std::uint64_t bytes, Ticks duration) {
  return duration <= 0 ? 0 : std::llround(static_cast<double>(bytes) * 8 / seconds(duration));
}

/// EXT-X-TARGETDURATION: no duration, rounded, may be above it.
long target(std::span<const Segment> segments, bool parts) {
  double longest = 1;
  for (const auto& segment : segments) {
    if (!parts) longest = std::max(longest, seconds(segment.duration));
    if (parts)
      for (const auto& part : segment.parts) longest = std::max(longest, seconds(part.duration));
  }
  return std::lround(longest);
}

std::string head(std::span<const Segment> segments, int version, bool parts) {
  return fmt::format(
      "#EXTM3U\n#EXT-X-VERSION:{}\n#EXT-X-PLAYLIST-TYPE:EVENT\n#EXT-X-INDEPENDENT-SEGMENTS\n"
      "#EXT-X-TARGETDURATION:{}\n#EXT-X-MEDIA-SEQUENCE:0\n",
      version, target(segments, parts));
}

void date(std::string& out, const Segment& segment) {
  if (segment.discontinuity) out += "#EXT-X-DISCONTINUITY\n";
  out += "#EXT-X-PROGRAM-DATE-TIME:" + isoTimeWithMilliseconds(segment.at) + "\n";
}

}  // namespace

void addRate(Variant& variant, const Segment& segment, std::uint64_t bytes, Ticks duration) {
  // A short last segment may be one keyframe, whose rate is none that a player would meet (4.4.6.2 of the
  // revision leaves out those below half the target duration).
  const bool only = duration == segment.duration;
  if (segment.duration >= ticksPerSecond || only)
    variant.peakBitsPerSecond =
        std::max(variant.peakBitsPerSecond, bitsPerSecond(segment.size, segment.duration));
  variant.averageBitsPerSecond = bitsPerSecond(bytes, duration);
  variant.peakBitsPerSecond = std::max(variant.peakBitsPerSecond, variant.averageBitsPerSecond);
}

std::string multivariant(std::span<const Variant> variants, std::string_view playlist) {
  std::string out = "#EXTM3U\n#EXT-X-VERSION:4\n#EXT-X-INDEPENDENT-SEGMENTS\n";
  for (const auto& variant : variants) {
    out += fmt::format("#EXT-X-STREAM-INF:BANDWIDTH={},AVERAGE-BANDWIDTH={},CODECS=\"{}\",RESOLUTION={}x{}",
                       variant.peakBitsPerSecond, variant.averageBitsPerSecond, variant.codecs, variant.width,
                       variant.height);
    if (variant.framesPerSecond > 0) out += fmt::format(",FRAME-RATE={:.3f}", variant.framesPerSecond);
    out += fmt::format("\n{}/{}\n", variant.path, playlist);
  }
  return out;
}

std::string mediaPlaylist(std::span<const Segment> segments, bool ended) {
  auto out = head(segments, 3, false);
  for (const auto& segment : segments) {
    date(out, segment);
    out += fmt::format("#EXTINF:{:.5f},\n{}.ts\n", seconds(segment.duration), segment.number);
  }
  if (ended) out += "#EXT-X-ENDLIST\n";
  return out;
}

std::string byteRangePlaylist(std::span<const Segment> segments, bool ended) {
  auto out = head(segments, 4, true);
  for (const auto& segment : segments) {
    date(out, segment);
    for (const auto& part : segment.parts)
      out += fmt::format("#EXTINF:{:.5f},\n#EXT-X-BYTERANGE:{}@{}\n{}.ts\n", seconds(part.duration),
                         part.size, part.offset, segment.number);
  }
  if (ended) out += "#EXT-X-ENDLIST\n";
  return out;
}

}  // namespace athanor::recorder::hls
