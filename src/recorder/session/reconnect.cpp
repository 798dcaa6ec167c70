#include "recorder/session/reconnect.h"

#include <cmath>
#include <cstdlib>

namespace athanor::recorder {

std::string whyNotMerged(const Recording& recording, const Format& format, Time now) {
  if (!recording.windowEnds || now > *recording.windowEnds) return "its reconnect window is over";
  if (recording.streams.size() >= mostStreams) return "it is made of 20 streams already";
  if (now - recording.startedAt >= longestRecording) return "it is 48 hours old";
  const auto &before = recording.format.video, &after = format.video;
  if (before.width != after.width || before.height != after.height) return "the resolution is another";
  if (before.framesPerSecond > 0 && after.framesPerSecond > 0 &&
      std::abs(before.framesPerSecond - after.framesPerSecond) > 0.01)
    return "the frame rate is another";
  if (before.codec != after.codec) return "the video codec is another";
  const auto codec = [](const Format& of) { return of.audio ? of.audio->codec : std::string(); };
  if (codec(recording.format) != codec(format)) return "the audio codec is another";
  return "";
}

bool similarRates(std::int64_t first, std::int64_t second) {
  return first <= 0 || std::abs(first - second) * 2 <= first;
}

std::int64_t rateOf(const Segment& segment) {
  return segment.duration <= 0
             ? 0
             : static_cast<std::int64_t>(segment.size) * 8 * ticksPerSecond / segment.duration;
}

}  // namespace athanor::recorder
