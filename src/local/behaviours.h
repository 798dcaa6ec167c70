#pragma once

#include <functional>
#include <string>

#include "local/cloudcontrol/behaviour.h"

namespace athanor::local {

namespace s3 {
class Index;
}

/// What every type does that does more than its schema says. `objects` outlives them; null where nobody asks
/// for more than which types these are. `playbackBase`: the URL that streams play below, "" where none are
/// taken.
cloudcontrol::Behaviours allBehaviours(
    s3::Index* objects, std::function<std::string()> playbackBase = [] { return std::string(); });

}  // namespace athanor::local
