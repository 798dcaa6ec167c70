#include "recorder/session/rows.h"

#include "base/hex.h"

namespace athanor::recorder {

namespace {

std::int64_t milliseconds(Time at) {
  return std::chrono::floor<std::chrono::milliseconds>(at).time_since_epoch().count();
}
Time fromMilliseconds(const Json& value) {
  return Time(std::chrono::milliseconds(value.get<std::int64_t>()));
}

Json optionalTime(const std::optional<Time>& at) { return at ? Json(milliseconds(*at)) : Json(); }
std::optional<Time> optionalTime(const Json& value) {
  return value.is_null() ? std::nullopt : std::optional(fromMilliseconds(value));
}

Json toJson(const Destination& to) {
  return {{"bucket", to.bucket}, {"prefix", to.prefix}, {"roleArn", to.roleArn}};
}
Destination destinationFrom(const Json& json) {
  return {json.at("bucket"), json.at("prefix"), json.at("roleArn")};
}

Json toJson(const ThumbnailRules& rules) {
  return {{"enabled", rules.enabled},
          {"interval", rules.interval.count()},
          {"resolution", rules.resolution ? Json(static_cast<int>(*rules.resolution)) : Json()},
          {"sequential", rules.sequential},
          {"latest", rules.latest},
          {"destination", rules.destination ? toJson(*rules.destination) : Json()}};
}

ThumbnailRules thumbnailsFrom(const Json& json) {
  ThumbnailRules out{.enabled = json.at("enabled"),
                     .interval = std::chrono::seconds(json.at("interval").get<std::int64_t>()),
                     .resolution = std::nullopt,
                     .sequential = json.at("sequential"),
                     .latest = json.at("latest"),
                     .destination = std::nullopt};
  if (!json.at("resolution").is_null()) out.resolution = static_cast<Band>(json.at("resolution").get<int>());
  if (!json.at("destination").is_null()) out.destination = destinationFrom(json.at("destination"));
  return out;
}

Json toJson(const RecordingRules& rules) {
  Json bands = Json::array(), asked = Json::array();
  for (const auto band : rules.bands) bands.push_back(static_cast<int>(band));
  for (const auto& one : rules.asked)
    asked.push_back({one.width, one.height, one.framesPerSecond, one.bitsPerSecond});
  return {{"arn", rules.arn},
          {"destination", toJson(rules.destination)},
          {"selection", static_cast<int>(rules.selection)},
          {"bands", std::move(bands)},
          {"asked", std::move(asked)},
          {"thumbnails", toJson(rules.thumbnails)},
          {"reconnectWindow", rules.reconnectWindow.count()}};
}

RecordingRules rulesFrom(const Json& json) {
  RecordingRules out;
  out.arn = json.at("arn");
  out.destination = destinationFrom(json.at("destination"));
  out.selection = static_cast<Selection>(json.at("selection").get<int>());
  for (const auto& band : json.at("bands")) out.bands.push_back(static_cast<Band>(band.get<int>()));
  for (const auto& one : json.at("asked")) out.asked.push_back({one.at(0), one.at(1), one.at(2), one.at(3)});
  out.thumbnails = thumbnailsFrom(json.at("thumbnails"));
  out.reconnectWindow = std::chrono::seconds(json.at("reconnectWindow").get<std::int64_t>());
  return out;
}

}  // namespace

void Rows::add(Segment segment) {
  bytes += segment.size;
  duration += segment.duration;
  hls::addRate(variant, segment, bytes, duration);
  segments.push_back(std::move(segment));
}

bool over(const Recording& recording) { return recording.state >= RecordingState::ended; }

Json toJson(const Channel& channel) {
  return {{"arn", channel.arn},
          {"id", channel.id},
          {"account", channel.account},
          {"region", channel.region},
          {"name", channel.name},
          {"transcoded", channel.transcoded},
          {"recording", channel.recording ? toJson(*channel.recording) : Json()}};
}

Channel channelFrom(const Json& json) {
  Channel out;
  out.arn = json.at("arn");
  out.id = json.at("id");
  out.account = json.at("account");
  out.region = json.at("region");
  out.name = json.at("name");
  out.transcoded = json.at("transcoded");
  if (!json.at("recording").is_null()) out.recording = rulesFrom(json.at("recording"));
  return out;
}

Json toJson(const Format& format) {
  Json sets = Json::array();
  for (const auto& set : format.video.parameterSets) sets.push_back(hex(set));
  Json out = {{"sets", std::move(sets)},       {"width", format.video.width},
              {"height", format.video.height}, {"framesPerSecond", format.video.framesPerSecond},
              {"codec", format.video.codec},   {"audio", Json()}};
  if (format.audio)
    out["audio"] = {{"config", hex(format.audio->config)},
                    {"sampleRate", format.audio->sampleRate},
                    {"channels", format.audio->channels},
                    {"codec", format.audio->codec}};
  return out;
}

Format formatFrom(const Json& json) {
  Format out;
  for (const auto& set : json.at("sets")) out.video.parameterSets.push_back(unhex(set.get<std::string>()));
  out.video.width = json.at("width");
  out.video.height = json.at("height");
  out.video.framesPerSecond = json.at("framesPerSecond");
  out.video.codec = json.at("codec");
  const auto& audio = json.at("audio");
  if (!audio.is_null())
    out.audio = AudioFormat{.config = unhex(audio.at("config").get<std::string>()),
                            .sampleRate = audio.at("sampleRate"),
                            .channels = audio.at("channels"),
                            .codec = audio.at("codec")};
  return out;
}

Json toJson(const Segment& segment) {
  Json parts = Json::array();
  for (const auto& part : segment.parts) parts.push_back({part.offset, part.size, part.duration});
  return {{"number", segment.number},       {"size", segment.size},
          {"duration", segment.duration},   {"parts", std::move(parts)},
          {"at", milliseconds(segment.at)}, {"discontinuity", segment.discontinuity}};
}

Segment segmentFrom(const Json& json) {
  Segment out{.number = json.at("number"),
              .size = json.at("size"),
              .duration = json.at("duration"),
              .parts = {},
              .at = fromMilliseconds(json.at("at")),
              .discontinuity = json.at("discontinuity")};
  for (const auto& part : json.at("parts")) out.parts.push_back({part.at(0), part.at(1), part.at(2)});
  return out;
}

Json toJson(const Stream& stream) {
  return {{"id", stream.id},
          {"channel", toJson(stream.channel)},
          {"startedAt", milliseconds(stream.startedAt)},
          {"endedAt", optionalTime(stream.endedAt)},
          {"format", stream.format ? toJson(*stream.format) : Json()},
          {"recording", stream.recording},
          {"firstNumber", stream.firstNumber},
          {"segments", stream.segments},
          {"duration", stream.duration}};
}

Stream streamFrom(const Json& json) {
  Stream out;
  out.id = json.at("id");
  out.channel = channelFrom(json.at("channel"));
  out.startedAt = fromMilliseconds(json.at("startedAt"));
  out.endedAt = optionalTime(json.at("endedAt"));
  if (!json.at("format").is_null()) out.format = formatFrom(json.at("format"));
  out.recording = json.at("recording");
  out.firstNumber = json.at("firstNumber");
  out.segments = json.at("segments");
  out.duration = json.at("duration");
  return out;
}

Json toJson(const RenderTask& task) {
  return {{"recording", task.recording},
          {"segment", toJson(task.segment)},
          {"file", task.file},
          {"begin", task.begin}};
}

RenderTask taskFrom(const Json& json) {
  return {json.at("recording"), segmentFrom(json.at("segment")), json.at("file"), json.at("begin")};
}

Json toJson(const Recording& recording) {
  Json encoded = Json::array(), variants = Json::array();
  for (const auto& one : recording.encoded)
    encoded.push_back(
        {one.path, one.width, one.height, one.framesPerSecond, one.bitsPerSecond, one.audioBitsPerSecond});
  for (const auto& [path, rows] : recording.renditions)
    variants.push_back(
        {path, rows.variant.codecs, rows.variant.width, rows.variant.height, rows.variant.framesPerSecond});
  return {{"id", recording.id},
          {"concluded", recording.concluded},
          {"keepsSource", recording.keepsSource},
          {"encoded", std::move(encoded)},
          {"renditions", std::move(variants)},
          {"channel", toJson(recording.channel)},
          {"prefix", recording.prefix},
          {"startedAt", milliseconds(recording.startedAt)},
          {"state", static_cast<int>(recording.state)},
          {"windowEnds", optionalTime(recording.windowEnds)},
          {"endedAt", optionalTime(recording.endedAt)},
          {"streams", recording.streams},
          {"format", toJson(recording.format)},
          {"firstRate", recording.firstRate},
          {"duration", recording.source.duration},
          {"failure", recording.failure}};
}

Recording recordingFrom(const Json& json) {
  Recording out;
  out.id = json.at("id");
  out.channel = channelFrom(json.at("channel"));
  out.prefix = json.at("prefix");
  out.startedAt = fromMilliseconds(json.at("startedAt"));
  out.state = static_cast<RecordingState>(json.at("state").get<int>());
  out.windowEnds = optionalTime(json.at("windowEnds"));
  out.endedAt = optionalTime(json.at("endedAt"));
  out.streams = json.at("streams").get<std::vector<std::string>>();
  out.format = formatFrom(json.at("format"));
  out.firstRate = json.at("firstRate");
  out.source.duration = json.at("duration");
  out.failure = json.at("failure");
  out.concluded = json.at("concluded");
  out.keepsSource = json.at("keepsSource");
  for (const auto& one : json.at("encoded"))
    out.encoded.push_back({one.at(0), one.at(1), one.at(2), one.at(3), one.at(4), one.at(5)});
  for (const auto& one : json.at("renditions")) {
    auto& variant = out.renditions[one.at(0).get<std::string>()].variant;
    variant.path = one.at(0);
    variant.codecs = one.at(1);
    variant.width = one.at(2);
    variant.height = one.at(3);
    variant.framesPerSecond = one.at(4);
  }
  return out;
}

}  // namespace athanor::recorder
