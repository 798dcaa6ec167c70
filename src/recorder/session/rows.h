#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "recorder/hls/playlist.h"
#include "recorder/recorder.h"
#include "recorder/renderer.h"

namespace athanor::recorder {

using Time = std::chrono::system_clock::time_point;

/// One stream that was published: what the recorder's database keeps of it.
struct Stream {
  std::string id;
  Channel channel;  ///< as it was configured when the stream began
  Time startedAt;
  std::optional<Time> endedAt;
  std::optional<Format> format;   ///< none before its first keyframe
  std::string recording;          ///< "" where it is not recorded, or its recording is not decided yet
  std::uint64_t firstNumber = 0;  ///< of its segments in the recording
  std::uint64_t segments = 0;     ///< that are durable
  Ticks duration = 0;             ///< of those
};

/// The segments of one rendition.
struct Rows {
  hls::Variant variant;           ///< its rates are those of the segments
  std::vector<Segment> segments;  ///< none where the recording is over
  std::uint64_t bytes = 0;        ///< of the segments
  Ticks duration = 0;             ///< of the segments

  void add(Segment segment);
};

/// One recording: one stream, or several that were merged.
struct Recording {
  std::string id;
  Channel channel;  ///< its `recording` says how
  std::string prefix;
  Time startedAt;
  RecordingState state = RecordingState::recording;
  std::optional<Time> windowEnds, endedAt;
  std::vector<std::string> streams;
  Format format;               ///< of its first stream
  std::int64_t firstRate = 0;  ///< bits a second of the first stream's first segment; 0 before
  std::string failure;
  bool concluded = false;                  ///< its last playlists and its last event file are on their way
  bool keepsSource = true;                 ///< the source is one of its renditions
  std::vector<Rendition> encoded;          ///< what is made of the source
  Rows source;                             ///< the segments are kept in rows of their own
  std::map<std::string, Rows> renditions;  ///< what was encoded, by folder; the segments are kept likewise
};

/// True of one that nothing is added to or stored of any more.
bool over(const Recording& recording);

/// Work on one source segment that is not done yet.
struct RenderTask {
  std::string recording;
  Segment segment;   ///< numbered as in the recording
  std::string file;  ///< where it lies
  Ticks begin = 0;   ///< in the recording's media time
};

/// JSON as the database keeps it.
Json toJson(const Channel& channel);
Channel channelFrom(const Json& json);
Json toJson(const Format& format);
Format formatFrom(const Json& json);
Json toJson(const Segment& segment);
Segment segmentFrom(const Json& json);
Json toJson(const Stream& stream);
Stream streamFrom(const Json& json);
Json toJson(const RenderTask& task);
RenderTask taskFrom(const Json& json);
/// Without its segments.
Json toJson(const Recording& recording);
Recording recordingFrom(const Json& json);

}  // namespace athanor::recorder
