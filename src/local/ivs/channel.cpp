#include "local/ivs/channel.h"

#include <fmt/format.h>

#include <algorithm>

#include "local/ivs/arn.h"

namespace athanor::local::ivs {

using cloudcontrol::Birth;
using cloudcontrol::HandlerFailure;
using cloudcontrol::World;

namespace {

constexpr const char* recording = "RecordingConfigurationArn";

/// The first label of an account's ingest host: the same for all its channels in a region.
std::string hostLabel(const Caller& caller) {
  std::uint64_t hash = 14695981039346656037U;  // FNV-1a
  for (const char c : caller.account + caller.region)
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return fmt::format("{:012x}", hash & 0xFFFFFFFFFFFF);
}

void needRecordingConfiguration(World& world, const Json& model) {
  const auto wanted = stringAt(model, recording);
  if (!wanted.empty() && !world.find("AWS::IVS::RecordingConfiguration", wanted))
    throw HandlerFailure("NotFound", fmt::format("Recording configuration {} was not found.", wanted));
}

}  // namespace

void Channel::complete(World& world, const Birth& birth, Json& model) const {
  needRecordingConfiguration(world, model);
  const auto& [account, region] = birth.caller;
  model["Arn"] = arn(birth, "channel");
  model["IngestEndpoint"] = hostLabel(birth.caller) + ".global-contribute.live-video.net";
  const auto here = playbackBase_();
  model["PlaybackUrl"] = fmt::format(
      "{}/api/video/v1/{}.{}.channel.{}.m3u8",
      here.empty() ? fmt::format("https://{}.{}.playback.live-video.net", hostLabel(birth.caller), region)
                   : here,
      region, account, birth.id);
}

void Channel::updating(World& world, const Json& before, Json& after) const {
  if (stringAt(before, recording) != stringAt(after, recording)) needRecordingConfiguration(world, after);
}

void Channel::deleting(World& world, const Json& model) const {
  for (const auto& holder : world.holders(stringAt(model, "Arn")))
    if (holder.type == "AWS::IVS::StreamKey") world.remove(holder.type, holder.identifier);
}

std::vector<std::string> Channel::holds(const Json& model) const {
  const auto held = stringAt(model, recording);
  return held.empty() ? std::vector<std::string>{} : std::vector{held};
}

}  // namespace athanor::local::ivs
