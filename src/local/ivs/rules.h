#pragma once

#include <optional>
#include <string>

#include "base/json.h"
#include "local/cloudcontrol/operation.h"
#include "recorder/channel.h"

namespace athanor::local::ivs {

/// What a model of AWS::IVS::RecordingConfiguration says, in the recorder's terms.
recorder::RecordingRules rulesOf(const Json& model);

/// A model of AWS::IVS::Channel, and that of its recording configuration where it has one.
recorder::Channel channelOf(const Caller& caller, const Json& model, const std::optional<Json>& recording);

}  // namespace athanor::local::ivs
