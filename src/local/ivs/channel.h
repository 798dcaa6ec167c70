#pragma once

#include <functional>
#include <string>

#include "local/cloudcontrol/behaviour.h"

namespace athanor::local::ivs {

/// Gets an ingest endpoint and a playback URL; holds on to its recording configuration, which must exist;
/// takes its stream keys along when it is deleted.
class Channel final : public cloudcontrol::Behaviour {
 public:
  /// `playbackBase`: the URL that streams play below, or "" where none are taken here.
  explicit Channel(std::function<std::string()> playbackBase) : playbackBase_(std::move(playbackBase)) {}
  void complete(cloudcontrol::World& world, const cloudcontrol::Birth& birth, Json& model) const override;
  void updating(cloudcontrol::World& world, const Json& before, Json& after) const override;
  void deleting(cloudcontrol::World& world, const Json& model) const override;
  std::vector<std::string> holds(const Json& model) const override;

 private:
  std::function<std::string()> playbackBase_;
};

}  // namespace athanor::local::ivs
