#pragma once

#include "cli/arguments.h"
#include "cli/place.h"
#include "engine/deployment.h"

namespace athanor::cli {

/// What a command line asks of a deployment, with a seed drawn for it, and who asks.
engine::Settings settingsOf(const Arguments& arguments, const Place& place);

/// Names the user that the process runs as, or its number where it has no name, and the machine.
std::string userName();
std::string hostName();

}  // namespace athanor::cli
