#pragma once

#include "local/cloudcontrol/behaviour.h"

namespace athanor::local::ivs {

/// One for each channel, which must exist.
class StreamKey final : public cloudcontrol::Behaviour {
 public:
  void complete(cloudcontrol::World& world, const cloudcontrol::Birth& birth, Json& model) const override;
  std::vector<std::string> holds(const Json& model) const override;
};

/// A public key for playback or for participants' tokens: known by its fingerprint.
class KeyPair final : public cloudcontrol::Behaviour {
 public:
  explicit KeyPair(std::string resource) : resource_(std::move(resource)) {}
  void complete(cloudcontrol::World& world, const cloudcontrol::Birth& birth, Json& model) const override;

 private:
  std::string resource_;
};

}  // namespace athanor::local::ivs
