#pragma once

#include "local/cloudcontrol/behaviour.h"

namespace athanor::local::ivs {

/// CREATING until the operation that makes it ends, then ACTIVE. The buckets that it names are made when
/// missing. One that a channel names cannot be deleted.
class RecordingConfiguration final : public cloudcontrol::Behaviour {
 public:
  void complete(cloudcontrol::World& world, const cloudcontrol::Birth& birth, Json& model) const override;
  void created(cloudcontrol::World& world, const Json& model) const override;
  void settled(cloudcontrol::World& world, Json& model) const override;
  void deleting(cloudcontrol::World& world, const Json& model) const override;
};

}  // namespace athanor::local::ivs
