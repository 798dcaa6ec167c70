#include "recorder/session/events.h"

#include "base/random_text.h"
#include "base/time_text.h"

namespace athanor::recorder {

namespace {

Event envelope(const Channel& channel, std::string_view kind, Json detail, Time at, const Random& random) {
  Event out;
  out.id = uuid(random);
  out.json = Json({{"version", "0"},
                   {"id", out.id},
                   {"detail-type", kind},
                   {"source", "aws.ivs"},
                   {"account", channel.account},
                   {"time", isoTime(at)},
                   {"region", channel.region},
                   {"resources", Json::array({channel.arn})},
                   {"detail", std::move(detail)}})
                 .dump();
  return out;
}

Json size(int width, int height) { return {{"resolution_height", height}, {"resolution_width", width}}; }

}  // namespace

std::vector<hls::Variant> variants(const Recording& recording) {
  std::vector<hls::Variant> out;
  if (recording.keepsSource) out.push_back(recording.source.variant);
  for (const auto& [path, rows] : recording.renditions) out.push_back(rows.variant);
  std::ranges::sort(out, [](const auto& a, const auto& b) {
    return std::tuple(-a.height, -a.framesPerSecond, a.path) <
           std::tuple(-b.height, -b.framesPerSecond, b.path);
  });
  return out;
}

std::chrono::milliseconds duration(const Recording& recording) {
  return milliseconds(recording.source.duration);
}

Event recordingEvent(const Recording& recording, const std::string& streamId, std::string_view status,
                     const std::string& reason, Time at, const Random& random) {
  const bool begun = status != "Recording Start Failure";
  return envelope(recording.channel, "IVS Recording State Change",
                  {{"channel_name", recording.channel.name},
                   {"stream_id", streamId},
                   {"recording_status", status},
                   {"recording_status_reason", reason},
                   {"recording_s3_bucket_name", recording.channel.recording->destination.bucket},
                   {"recording_s3_key_prefix", begun ? recording.prefix : ""},
                   {"recording_duration_ms", status == "Recording Start" ? 0 : duration(recording).count()},
                   {"recording_session_id", recording.id},
                   {"recording_session_stream_ids", recording.streams}},
                  at, random);
}

Event streamEvent(const Stream& stream, std::string_view name, const std::string& reason, Time at,
                  const Random& random) {
  Json detail = {{"event_name", name}, {"channel_name", stream.channel.name}, {"stream_id", stream.id}};
  if (!reason.empty()) detail["reason"] = reason;
  return envelope(stream.channel, "IVS Stream State Change", std::move(detail), at, random);
}

std::string eventFile(const Recording& recording) {
  const bool over = recording.state >= RecordingState::finishing;
  Json renditions = Json::array();
  for (const auto& variant : variants(recording)) {
    auto one = size(variant.width, variant.height);
    one.update({{"path", variant.path},
                {"playlist", "playlist.m3u8"},
                {"byte_range_playlist", "byte-range-variant.m3u8"}});
    renditions.push_back(std::move(one));
  }
  Json hls = {{"path", "media/hls"},
              {"playlist", "master.m3u8"},
              {"byte_range_playlist", "byte-range-multivariant.m3u8"},
              {"renditions", std::move(renditions)}};
  if (over) hls["duration_ms"] = duration(recording).count();
  Json media = {{"hls", std::move(hls)}};
  const auto& rules = recording.channel.recording->thumbnails;
  const auto& video = recording.format.video;
  if (rules.enabled && rules.sequential) {
    media["thumbnails"] = size(video.width, video.height);
    media["thumbnails"]["path"] = "media/thumbnails";
  }
  if (rules.enabled && rules.latest) {
    media["latest_thumbnail"] = size(video.width, video.height);
    media["latest_thumbnail"]["path"] = "media/latest_thumbnail/thumb.jpg";
  }
  Json out = {{"version", "v1"},
              {"channel_arn", recording.channel.arn},
              {"recording_started_at", isoTime(recording.startedAt)},
              {"recording_status", "RECORDING_STARTED"},
              {"media", std::move(media)}};
  if (over) {
    out["recording_status"] = recording.failure.empty() ? "RECORDING_ENDED" : "RECORDING_ENDED_WITH_FAILURE";
    if (recording.endedAt) out["recording_ended_at"] = isoTime(*recording.endedAt);
    if (!recording.failure.empty()) out["recording_status_message"] = recording.failure;
  }
  return out.dump(2) + "\n";
}

}  // namespace athanor::recorder
