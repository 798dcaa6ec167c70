#include "recorder/hls/segmenter.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace athanor::recorder::hls {

namespace {

/// A step of the clock beyond this is no pause of the publisher but a clock that was set.
constexpr Ticks jump = 10 * ticksPerSecond;

}  // namespace

void Segmenter::format(const Format& format) { next_ = format; }

void Segmenter::packet(Packet packet) {
  if (packet.track == Track::video) {
    steady(packet);
    return video(packet);
  }
  if (!segment_) return;
  packet.dts = packet.pts = std::max(packet.pts + shift_, lastAudio_ + 1);
  lastAudio_ = packet.pts;
  muxer_->write(packet, buffer_);
}

void Segmenter::steady(Packet& packet) {
  const auto step = packet.dts + shift_ - lastDts_;
  if (timed_ && std::abs(step) > jump) shift_ += frame_ - step;
  packet.dts += shift_;
  packet.pts += shift_;
  if (timed_ && packet.dts <= lastDts_) {
    packet.dts = lastDts_ + 1;
    packet.pts = std::max(packet.pts, packet.dts);
  } else if (timed_) {
    frame_ = packet.dts - lastDts_;
  }
  lastDts_ = packet.dts;
  timed_ = true;
}

void Segmenter::video(const Packet& packet) {
  if (packet.keyframe) {
    if (segment_) endPart(packet.pts);
    if (segment_ && (next_ || segment_->duration >= settings_.target)) endSegment();
    beginPart(packet.pts);
  }
  if (!segment_) return;
  latestPts_ = std::max(latestPts_, packet.pts);
  muxer_->write(packet, buffer_);
  if (buffer_.size() >= settings_.buffer) flush();
}

void Segmenter::beginPart(Ticks at) {
  if (next_) {
    muxer_.emplace(*std::exchange(next_, std::nullopt));
  }
  if (!segment_) {
    const std::chrono::microseconds since(done_ * 100 / 9);
    segment_ = Segment{.number = number_++,
                       .size = 0,
                       .duration = 0,
                       .parts = {},
                       .at = started_ + since,
                       .discontinuity = false};
    size_ = 0;
    sink_.open(segment_->number);
  }
  part_ = {.offset = size_ + buffer_.size(), .size = 0, .duration = 0};
  partStart_ = latestPts_ = at;
  muxer_->begin(buffer_);
}

void Segmenter::endPart(Ticks at) {
  muxer_->flush(buffer_);
  flush();
  part_.size = size_ - part_.offset;
  part_.duration = std::max<Ticks>(at - partStart_, 1);
  done_ += part_.duration;
  segment_->duration += part_.duration;
  segment_->parts.push_back(part_);
  sink_.part(part_);
}

void Segmenter::endSegment() {
  segment_->size = size_;
  sink_.close(*std::exchange(segment_, std::nullopt));
}

void Segmenter::end() {
  if (!segment_) return;
  endPart(latestPts_ + frame_);
  endSegment();
}

void Segmenter::flush() {
  if (buffer_.empty()) return;
  size_ += buffer_.size();
  auto next = std::string();
  next.reserve(buffer_.capacity());
  sink_.write(std::exchange(buffer_, std::move(next)));
}

}  // namespace athanor::recorder::hls
