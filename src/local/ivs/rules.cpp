#include "local/ivs/rules.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace athanor::local::ivs {

namespace {

const Json& at(const Json& model, const char* pointer) {
  static const Json none;
  const Json::json_pointer path(pointer);
  return model.contains(path) ? model.at(path) : none;
}

std::string text(const Json& value, std::string_view fallback = "") {
  return value.is_string() ? value.get<std::string>() : std::string(fallback);
}

recorder::Destination destinationOf(const Json& s3) {
  return {stringAt(s3, "BucketName"), stringAt(s3, "Prefix"), stringAt(s3, "RoleArn")};
}

/// {"Resolution":"1280x720","Framerate":30,"Bitrate":3000}: kilobits a second.
recorder::AskedRendition askedOf(const Json& rendition) {
  recorder::AskedRendition out;
  const auto resolution = stringAt(rendition, "Resolution");
  const auto* end = resolution.data() + resolution.size();
  const auto width = std::from_chars(resolution.data(), end, out.width);
  if (width.ptr != end) std::from_chars(width.ptr + 1, end, out.height);
  out.framesPerSecond = rendition.value("Framerate", 0.0);
  out.bitsPerSecond = std::int64_t{1000} * rendition.value("Bitrate", std::int64_t{0});
  return out;
}

recorder::ThumbnailRules thumbnailsOf(const Json& configuration) {
  recorder::ThumbnailRules out;
  if (!configuration.is_object()) return out;
  out.enabled = stringAt(configuration, "RecordingMode", "INTERVAL") == "INTERVAL";
  const auto interval = configuration.value("TargetIntervalSeconds", std::int64_t{60});
  out.interval = std::chrono::seconds(std::clamp<std::int64_t>(interval, 1, 60));
  out.resolution = recorder::bandNamed(stringAt(configuration, "Resolution"));
  if (const auto& storage = at(configuration, "/Storage"); storage.is_array() && !storage.empty()) {
    out.sequential = std::ranges::find(storage, Json("SEQUENTIAL")) != storage.end();
    out.latest = std::ranges::find(storage, Json("LATEST")) != storage.end();
  }
  if (const auto& s3 = at(configuration, "/Destination/S3"); s3.is_object())
    out.destination = destinationOf(s3);
  return out;
}

}  // namespace

recorder::RecordingRules rulesOf(const Json& model) {
  recorder::RecordingRules out;
  out.arn = stringAt(model, "Arn");
  if (const auto& s3 = at(model, "/DestinationConfiguration/S3"); s3.is_object())
    out.destination = destinationOf(s3);
  const auto selection = text(at(model, "/RenditionConfiguration/RenditionSelection"), "ALL");
  out.selection = selection == "NONE"     ? recorder::Selection::none
                  : selection == "CUSTOM" ? recorder::Selection::custom
                                          : recorder::Selection::all;
  if (const auto& renditions = at(model, "/RenditionConfiguration/Renditions"); renditions.is_array())
    for (const auto& one : renditions) {
      if (one.is_object()) out.asked.push_back(askedOf(one));
      if (const auto band = recorder::bandNamed(text(one))) out.bands.push_back(*band);
    }
  out.thumbnails = thumbnailsOf(at(model, "/ThumbnailConfiguration"));
  out.reconnectWindow = std::chrono::seconds(model.value("RecordingReconnectWindowSeconds", std::int64_t{0}));
  return out;
}

recorder::Channel channelOf(const Caller& caller, const Json& model, const std::optional<Json>& recording) {
  recorder::Channel out;
  out.arn = stringAt(model, "Arn");
  out.id = out.arn.substr(out.arn.rfind('/') + 1);
  out.account = caller.account;
  out.region = caller.region;
  out.name = stringAt(model, "Name");
  out.transcoded = stringAt(model, "Type", "STANDARD") != "BASIC";
  out.insecureIngest = model.value("InsecureIngest", false);
  if (recording) out.recording = rulesOf(*recording);
  return out;
}

}  // namespace athanor::local::ivs
