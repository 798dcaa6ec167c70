#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "recorder/mpegts/muxer.h"
#include "recorder/segment.h"

namespace athanor::recorder::hls {

/// Cuts one stream into segments of MPEG-TS that begin with a keyframe. Holds no more than one buffer of what
/// it has cut.
class Segmenter {
 public:
  /// Where the segments go, in order: open, then write and part any number of times, then close.
  class Sink {
   public:
    virtual ~Sink() = default;
    virtual void open(std::uint64_t number) = 0;
    virtual void write(std::string bytes) = 0;
    /// One keyframe interval has been written.
    virtual void part(const Part& part) = 0;
    virtual void close(Segment segment) = 0;
  };

  struct Settings {
    Ticks target = 10 * ticksPerSecond;            ///< a segment ends with the first keyframe after it
    std::size_t buffer = std::size_t{256} * 1024;  ///< bytes that are written at once
  };

  /// `started`: when the first packet was taken, for EXT-X-PROGRAM-DATE-TIME.
  Segmenter(Sink& sink, Settings settings, std::chrono::system_clock::time_point started)
      : sink_(sink), settings_(settings), started_(started) {}

  /// A format other than the last one begins a segment of its own at the next keyframe.
  void format(const Format& format);
  void packet(Packet packet);
  /// Ends the last segment.
  void end();

 private:
  void video(const Packet& packet);
  void beginPart(Ticks at);
  void endPart(Ticks at);
  void endSegment();
  void flush();
  /// Keeps time stamps rising: a clock that jumps is taken to go on where it was.
  void steady(Packet& packet);

  Sink& sink_;
  Settings settings_;
  std::chrono::system_clock::time_point started_;
  std::optional<Format> next_;  ///< in force from the next keyframe
  std::optional<mpegts::Muxer> muxer_;
  std::optional<Segment> segment_;
  std::string buffer_;
  std::uint64_t number_ = 0, size_ = 0;
  Part part_;
  Ticks partStart_ = 0, done_ = 0;
  Ticks lastDts_ = 0, latestPts_ = 0, frame_ = ticksPerSecond / 30, shift_ = 0;
  Ticks lastAudio_ = 0;
  bool timed_ = false;
};

}  // namespace athanor::recorder::hls
