#pragma once

#include "local/cloudcontrol/behaviour.h"

namespace athanor::local::sqs {

/// AWS::SQS::Queue, which is identified by a URL that its name makes: two of a name cannot be. A queue
/// without a name gets one.
class Queue final : public cloudcontrol::Behaviour {
 public:
  void complete(cloudcontrol::World&, const cloudcontrol::Birth& birth, Json& model) const override;
};

}  // namespace athanor::local::sqs
