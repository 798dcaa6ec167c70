#pragma once

#include "local/cloudcontrol/behaviour.h"

namespace athanor::local {

/// What every type does that does more than its schema says.
cloudcontrol::Behaviours allBehaviours();

}  // namespace athanor::local
