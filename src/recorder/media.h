#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace athanor::recorder {

/// Media time in units of 1/90000 s, as MPEG-TS counts (ISO/IEC 13818-1, 2.4.2.2), but never wrapping.
using Ticks = std::int64_t;
constexpr Ticks ticksPerSecond = 90'000;
constexpr double seconds(Ticks ticks) { return static_cast<double>(ticks) / ticksPerSecond; }
constexpr std::chrono::milliseconds milliseconds(Ticks ticks) {
  return std::chrono::milliseconds(ticks * 1000 / ticksPerSecond);
}

enum class Track : std::uint8_t { video, audio };

/// H.264 as its parameter sets describe it (ISO/IEC 14496-10, 7.3.2).
struct VideoFormat {
  std::vector<std::string> parameterSets;  ///< SPS and PPS NAL units, without start codes or lengths
  int width = 0, height = 0;               ///< after cropping
  double framesPerSecond = 0;              ///< from the SPS's timing; 0 where it does not say
  std::string codec;                       ///< RFC 6381: "avc1.64001f"
  bool operator==(const VideoFormat&) const = default;
};

/// AAC as its AudioSpecificConfig describes it (ISO/IEC 14496-3, 1.6.2.1).
struct AudioFormat {
  std::string config;  ///< the AudioSpecificConfig itself
  int sampleRate = 0;
  int channels = 0;
  std::string codec;  ///< RFC 6381: "mp4a.40.2"
  bool operator==(const AudioFormat&) const = default;
};

struct Format {
  VideoFormat video;
  std::optional<AudioFormat> audio;
  bool operator==(const Format&) const = default;
};

/// One access unit on its way through the recorder. The views live until the call that hands it over returns.
struct Packet {
  Track track = Track::video;
  Ticks dts = 0, pts = 0;  ///< audio: equal
  bool keyframe = false;   ///< video: an IDR picture
  /// Video: its NAL units, without start codes or lengths; audio: one raw AAC frame, without ADTS.
  std::span<const std::string_view> units;
};

}  // namespace athanor::recorder
