#pragma once

#include <string>

#include "local/cloudcontrol/behaviour.h"

namespace athanor::local::ivs {

/// arn:aws:ivs:<region>:<account>:<resource>/<12 of [A-Za-z0-9]>
std::string arn(const cloudcontrol::Birth& birth, const std::string& resource);

}  // namespace athanor::local::ivs
