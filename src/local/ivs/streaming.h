#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "local/http/message.h"
#include "recorder/recorder.h"

namespace athanor {
class Loop;
}

namespace athanor::local::ivs {

struct StreamingOptions {
  std::string address = "127.0.0.1";
  std::uint16_t rtmpPort = 1935;     ///< 0: any free one
  std::filesystem::path folder;      ///< for what is not stored yet
  std::chrono::seconds segment{10};  ///< of recordings
  std::string preset = {};           ///< x264's; "": as fast a one as this machine needs
  /// Said once for each thing worth knowing. Called on the server's loop.
  std::function<void(const std::string&)> say;
};

/// Takes streams for the channels that are kept here, and records them. Has threads of its own; everything
/// here is called on the server's loop.
class Streaming {
 public:
  /// Throws Error(conflict) where the port is taken. What is given by reference outlives it.
  Streaming(StreamingOptions options, Loop& loop, recorder::Channels& channels, recorder::ObjectStore& store);
  /// Ends all streams; what is not stored yet is stored the next time.
  ~Streaming();
  Streaming(const Streaming&) = delete;
  Streaming& operator=(const Streaming&) = delete;

  std::uint16_t rtmpPort() const;

  /// Answers a request for a channel's live stream (playbackPath).
  void play(const std::string& path, http::Reply reply);
  /// GET /_athanor/recordings: every recording, newest first.
  void recordings(http::Reply reply);
  /// GET /_athanor/events?after=N: events after a sequence number, oldest first, 500 at most.
  void events(const std::string& query, http::Reply reply);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace athanor::local::ivs
