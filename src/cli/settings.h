#pragma once

#include "cli/arguments.h"
#include "cli/place.h"
#include "engine/deployment.h"

namespace athanor::cli {

/// What a command line asks of a deployment, with a seed drawn for it, and who asks.
engine::Settings settingsOf(const Arguments& arguments, const Place& place);

}  // namespace athanor::cli
