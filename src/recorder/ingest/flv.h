#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "recorder/publisher.h"

namespace athanor::recorder::flv {

/// Turns the bodies of FLV's video and audio tags (Adobe's FLV specification 10.1, annex E.4.2 and E.4.3)
/// into access units. What comes before the first keyframe is left out.
class Demuxer {
 public:
  /// `to` is told the format before its first packet, and again before the packet where it changes.
  explicit Demuxer(Receiver& to) : to_(to) {}

  /// `timestamp`: milliseconds, wrapping at 2^32. Throws Malformed, with a reason for the publisher where the
  /// codec is none that IVS takes.
  void video(std::string_view body, std::uint32_t timestamp);
  void audio(std::string_view body, std::uint32_t timestamp);

 private:
  Ticks unwrapped(std::uint32_t timestamp);
  void announce();

  Receiver& to_;
  std::optional<VideoFormat> video_;
  std::optional<AudioFormat> audio_;
  std::size_t lengthSize_ = 4;
  bool changed_ = false;  ///< the format, since it was told
  bool started_ = false;
  std::vector<std::string_view> units_;
  std::int64_t last_ = 0;  ///< the last timestamp, unwrapped
  bool timed_ = false;
};

}  // namespace athanor::recorder::flv
