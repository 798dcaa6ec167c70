#include "local/behaviours.h"

#include "local/ivs/behaviours.h"
#include "local/sqs/queue.h"

namespace athanor::local {

cloudcontrol::Behaviours allBehaviours() {
  cloudcontrol::Behaviours out;
  ivs::addBehaviours(out);
  out.add("AWS::SQS::Queue", std::make_unique<sqs::Queue>());
  return out;
}

}  // namespace athanor::local
