#include "recorder/ingest/flv.h"

#include <fmt/format.h>

#include <array>

#include "recorder/codec/aac.h"
#include "recorder/codec/h264.h"
#include "recorder/codec/malformed.h"

namespace athanor::recorder::flv {

namespace {

constexpr std::uint8_t codecAvc = 7, formatAac = 10;
constexpr std::uint8_t enhancedHeader = 0x80;  // IsExHeader of Enhanced RTMP
constexpr std::uint8_t enhancedAudio = 9;      // its SoundFormat

std::uint8_t byteAt(std::string_view body, std::size_t at) { return static_cast<std::uint8_t>(body[at]); }

/// SoundFormat's names, as far as they are codecs.
std::string_view soundName(std::uint8_t format) {
  constexpr std::array<std::string_view, 16> names{
      "PCM",   "ADPCM", "MP3", "PCM",   "Nellymoser", "Nellymoser", "Nellymoser", "G.711",
      "G.711", "",      "AAC", "Speex", "",           "",           "MP3",        ""};
  return names.at(format);
}

[[noreturn]] void refuseEnhanced(std::string_view body) {
  const auto name = body.size() >= 5 ? body.substr(1, 4) : std::string_view("?");
  throw Malformed(fmt::format("the publisher sends \"{}\" by Enhanced RTMP; H.264 and AAC are taken", name));
}

}  // namespace

void Demuxer::video(std::string_view body, std::uint32_t timestamp) {
  if (body.empty()) return;
  if (byteAt(body, 0) & enhancedHeader) refuseEnhanced(body);
  const auto frame = byteAt(body, 0) >> 4, codec = byteAt(body, 0) & 15;
  if (frame == 5) return;  // a command frame of a server
  if (codec != codecAvc)
    throw Malformed(fmt::format("the video is of FLV's codec {}; H.264 is taken", codec));
  if (body.size() < 5) throw Malformed("a video tag is shorter than its header");
  const auto kind = byteAt(body, 1);
  if (kind == 0) {
    auto configuration = h264::configuration(body.substr(5));
    auto format = h264::format(std::move(configuration.parameterSets));
    lengthSize_ = configuration.lengthSize;
    changed_ = changed_ || video_ != format;
    video_ = std::move(format);
    return;
  }
  if (kind != 1 || !video_) return;
  units_.clear();
  h264::splitLengths(body.substr(5), lengthSize_, units_);
  if (units_.empty()) return;
  const bool keyframe =
      std::ranges::any_of(units_, [](auto unit) { return h264::nalType(unit) == h264::nalIdr; });
  started_ = started_ || keyframe;
  if (!started_) return;
  announce();
  const auto composition =
      static_cast<std::int32_t>(byteAt(body, 2) << 24 | byteAt(body, 3) << 16 | byteAt(body, 4) << 8) / 256;
  const auto dts = unwrapped(timestamp);
  to_.packet({Track::video, dts, dts + composition * Ticks{90}, keyframe, units_});
}

void Demuxer::audio(std::string_view body, std::uint32_t timestamp) {
  if (body.empty()) return;
  const auto format = byteAt(body, 0) >> 4;
  if (format == enhancedAudio) refuseEnhanced(body);
  if (format != formatAac)
    throw Malformed(
        fmt::format("the audio is {} (FLV's format {}); AAC is taken", soundName(format), format));
  if (body.size() < 2) throw Malformed("an audio tag is shorter than its header");
  if (byteAt(body, 1) == 0) {
    auto now = aac::format(std::string(body.substr(2)));
    changed_ = changed_ || audio_ != now;
    audio_ = std::move(now);
    return;
  }
  if (!started_ || !audio_ || body.size() == 2) return;
  announce();
  const std::array<std::string_view, 1> frame{body.substr(2)};
  const auto at = unwrapped(timestamp);
  to_.packet({Track::audio, at, at, true, frame});
}

void Demuxer::announce() {
  if (!std::exchange(changed_, false)) return;
  to_.format({*video_, audio_});
}

/// Timestamps wrap after 49.7 days, and the tracks' are out of step by a little.
Ticks Demuxer::unwrapped(std::uint32_t timestamp) {
  if (!std::exchange(timed_, true)) last_ = timestamp;
  last_ += static_cast<std::int32_t>(timestamp - static_cast<std::uint32_t>(last_));
  return last_ * 90;
}

}  // namespace athanor::recorder::flv
