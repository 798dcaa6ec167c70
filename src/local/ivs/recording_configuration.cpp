#include "local/ivs/recording_configuration.h"

#include <fmt/format.h>

#include "local/ivs/arn.h"

namespace athanor::local::ivs {

using cloudcontrol::Birth;
using cloudcontrol::HandlerFailure;
using cloudcontrol::World;

namespace {

/// The object at `name`, made when absent.
Json& objectAt(Json& model, const char* name) {
  auto& out = model[name];
  if (out.is_null()) out = Json::object();
  return out;
}

/// The bucket below one of the two destinations; "" where none is named.
std::string bucket(const Json& model, const char* pointer) {
  const Json::json_pointer at(pointer);
  return model.contains(at) && model.at(at).is_string() ? model.at(at).get<std::string>() : "";
}

}  // namespace

void RecordingConfiguration::complete(World&, const Birth& birth, Json& model) const {
  model["Arn"] = arn(birth, "recording-configuration");
  model["State"] = "CREATING";
  auto& renditions = objectAt(model, "RenditionConfiguration");
  // Whoever lists renditions wants those: ALL, the schema's default, would say the opposite.
  if (renditions.is_object() && renditions.contains("Renditions") && !renditions["Renditions"].empty())
    renditions.emplace("RenditionSelection", "CUSTOM");
  auto& thumbnails = objectAt(model, "ThumbnailConfiguration");
  if (thumbnails.is_object() && thumbnails.contains("IntervalSeconds"))
    thumbnails.emplace("TargetIntervalSeconds", thumbnails["IntervalSeconds"]);
}

void RecordingConfiguration::created(World& world, const Json& model) const {
  const auto imply = [&](const std::string& name, std::string_view what) {
    if (!name.empty() && world.imply("AWS::S3::Bucket", {{"BucketName", name}}))
      world.say(fmt::format("made the bucket {} for the {} of {}", name, what, stringAt(model, "Arn")));
  };
  imply(bucket(model, "/DestinationConfiguration/S3/BucketName"), "recordings");
  imply(bucket(model, "/ThumbnailConfiguration/Destination/S3/BucketName"), "thumbnails");
}

void RecordingConfiguration::settled(World&, Json& model) const { model["State"] = "ACTIVE"; }

void RecordingConfiguration::deleting(World& world, const Json& model) const {
  const auto own = stringAt(model, "Arn");
  const auto holders = world.holders(own);
  if (holders.empty()) return;
  throw HandlerFailure(
      "ResourceConflict",
      fmt::format("Resource of type 'AWS::IVS::RecordingConfiguration' with identifier '{}' has a "
                  "conflict. Reason: Recording configuration is associated with channel {}.",
                  own, holders.front().identifier));
}

}  // namespace athanor::local::ivs
