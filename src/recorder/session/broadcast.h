#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "recorder/hls/segmenter.h"
#include "recorder/publisher.h"
#include "recorder/session/file_writer.h"

namespace athanor::recorder {

/// What became of a stream, told to whoever keeps its recording. Called on the publisher's thread, but for
/// durable(), which is called on the writer's.
struct BroadcastNews {
  /// The first keyframe has come; at most once.
  std::function<void(const Format& format, std::chrono::system_clock::time_point at)> started;
  /// A keyframe interval of the segment `number` can be read from its file.
  std::function<void(std::uint64_t number, const Part& part)> readable;
  /// A segment is durable, and everything before it.
  std::function<void(const Segment& segment)> durable;
  /// Nothing more comes, and durable() was called for all there is.
  std::function<void(const std::string& reason)> ended;
};

/// One publisher's stream on its way to segments: "<folder>/<number>.ts".
class Broadcast final : public Receiver, hls::Segmenter::Sink {
 public:
  struct Settings {
    std::filesystem::path folder;  ///< exists
    Ticks target = 10 * ticksPerSecond;
    std::function<std::chrono::system_clock::time_point()> now;
  };

  Broadcast(Settings settings, FileWriter& writer, BroadcastNews news);

  void format(const Format& format) override;
  void packet(const Packet& packet) override;
  std::size_t backlog() const override { return *backlog_; }
  void ended(const std::string& reason) override;

 private:
  void open(std::uint64_t number) override;
  void write(std::string bytes) override;
  void part(const Part& part) override;
  void close(Segment segment) override;

  Settings settings_;
  FileWriter& writer_;
  BroadcastNews news_;
  FileWriter::Backlog backlog_ = std::make_shared<std::atomic<std::size_t>>(0);
  FileWriter::Handle file_;
  std::optional<hls::Segmenter> segmenter_;
  std::uint64_t number_ = 0;
};

}  // namespace athanor::recorder
