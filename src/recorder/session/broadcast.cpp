#include "recorder/session/broadcast.h"

#include <fmt/format.h>

#include <utility>

namespace athanor::recorder {

Broadcast::Broadcast(Settings settings, FileWriter& writer, BroadcastNews news)
    : settings_(std::move(settings)), writer_(writer), news_(std::move(news)) {}

void Broadcast::format(const Format& format) {
  if (!segmenter_) {
    const auto now = settings_.now();
    segmenter_.emplace(static_cast<hls::Segmenter::Sink&>(*this),
                       hls::Segmenter::Settings{.target = settings_.target}, now);
    news_.started(format, now);
  }
  segmenter_->format(format);
}

void Broadcast::packet(const Packet& packet) { segmenter_->packet(packet); }

void Broadcast::ended(const std::string& reason) {
  if (segmenter_) segmenter_->end();
  writer_.barrier([ended = news_.ended, reason] { ended(reason); });
}

void Broadcast::open(std::uint64_t number) {
  number_ = number;
  file_ = writer_.open(settings_.folder / fmt::format("{}.ts", number), backlog_);
}

void Broadcast::write(std::string bytes) { writer_.write(file_, std::move(bytes)); }

void Broadcast::part(const Part& part) {
  writer_.mark(file_, [readable = news_.readable, number = number_, part] { readable(number, part); });
}

void Broadcast::close(Segment segment) {
  writer_.close(file_, [durable = news_.durable, segment = std::move(segment)] { durable(segment); });
}

}  // namespace athanor::recorder
