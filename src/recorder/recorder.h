#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/random_text.h"
#include "recorder/channel.h"
#include "recorder/publisher.h"
#include "recorder/segment.h"
#include "recorder/store.h"

namespace athanor {
class Loop;
}

namespace athanor::recorder {

/// Where channels are known.
class Channels {
 public:
  using Found = std::function<void(std::optional<Channel>)>;
  virtual ~Channels() = default;
  /// The channel that a stream key names. Callable from any thread; answered once, on any thread.
  virtual void find(const std::string& streamKey, Found found) = 0;
};

/// One of IVS's events, in EventBridge's envelope.
struct Event {
  std::int64_t sequence = 0;  ///< rises by one, from 1
  std::string id;             ///< the same at every delivery
  std::string json;           ///< the whole envelope
};

enum class RecordingState : std::uint8_t {
  recording,  ///< its stream is live
  waiting,    ///< its stream has ended, and may be continued within the reconnect window
  finishing,  ///< what is not stored yet is being stored
  ended,
  failed,  ///< it ended, and something of it could not be stored
};

/// A recording as a person asks about it.
struct RecordingInfo {
  std::string id, channelArn, channelName;
  std::string bucket, prefix;  ///< where it lies: "s3://<bucket>/<prefix>/media/hls/master.m3u8"
  std::chrono::system_clock::time_point startedAt;
  std::optional<std::chrono::system_clock::time_point> endedAt;
  std::chrono::milliseconds duration{0};
  RecordingState state = RecordingState::recording;
  std::string failure;                  ///< why it failed, or what holds it up
  std::size_t streams = 0;              ///< that it is made of
  std::size_t waiting = 0;              ///< objects that are not stored yet
  std::vector<std::string> renditions;  ///< their folders
};

/// A piece of a live broadcast that can be read already.
struct LivePart {
  std::uint64_t sequence = 0;  ///< rises by one over the broadcast
  std::filesystem::path file;
  Part part;
  std::chrono::system_clock::time_point at;
};

struct LiveStream {
  std::string streamId;
  std::chrono::system_clock::time_point startedAt;
  Format format;
  std::vector<LivePart> parts;  ///< the last minute, oldest first
};

struct RecorderSettings {
  std::filesystem::path folder;      ///< what is not stored yet, and what is known of recordings
  std::chrono::seconds segment{10};  ///< a segment ends with the first keyframe after it
  bool sync = true;                  ///< a segment is durable before it is listed
  int renderThreads = 1;             ///< that encode renditions and thumbnails
  std::string preset;                ///< x264's; "": as fast a one as this machine needs
  /// Said once for each thing worth knowing. Called on the recorder's loop, like `event`.
  std::function<void(const std::string&)> say;
  /// True once the recorder is to end, even where it cannot write. Callable from any thread.
  std::function<bool()> leaving;
  std::function<void(const Event&)> event;  ///< after it is durable; missed ones are read by events()
  Random random;
};

/// Turns what publishers send into recordings, as their channels' configurations say. Everything but admit()
/// and passphrase() is called on its loop.
class Recorder final : public Gate {
 public:
  /// Continues what an earlier one left in the folder. Throws Error(state) where the folder cannot be used.
  /// What is given by reference outlives it.
  Recorder(RecorderSettings settings, Loop& loop, Channels& channels, ObjectStore& store);
  /// Publishers must be gone.
  ~Recorder() override;

  void admit(Attempt attempt, std::function<void(Admission)> answer) override;
  std::string passphrase(const std::string& streamKey) override;

  /// Newest first.
  std::vector<RecordingInfo> recordings() const;
  /// The stream of a channel while it is live.
  std::optional<LiveStream> live(const std::string& channelArn) const;
  /// Up to `most` events after a sequence number, oldest first.
  std::vector<Event> events(std::int64_t after, std::size_t most) const;
  /// True while anything is live, waits for its window or is not stored yet.
  bool busy() const;
  /// From now on nobody is admitted. `quiet` is called once no stream is live any more, maybe at once.
  void close(std::function<void()> quiet);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace athanor::recorder
