#pragma once

#include "local/cloudcontrol/behaviour.h"

namespace athanor::local {

namespace s3 {
class Index;
}

/// What every type does that does more than its schema says. `objects` outlives them; null where nobody asks
/// for more than which types these are.
cloudcontrol::Behaviours allBehaviours(s3::Index* objects);

}  // namespace athanor::local
