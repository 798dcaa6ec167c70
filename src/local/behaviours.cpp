#include "local/behaviours.h"

#include "local/ivs/behaviours.h"

namespace athanor::local {

cloudcontrol::Behaviours allBehaviours() {
  cloudcontrol::Behaviours out;
  ivs::addBehaviours(out);
  return out;
}

}  // namespace athanor::local
