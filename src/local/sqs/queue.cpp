#include "local/sqs/queue.h"

#include <fmt/format.h>

namespace athanor::local::sqs {

void Queue::complete(cloudcontrol::World&, const cloudcontrol::Birth& birth, Json& model) const {
  const auto& caller = birth.caller;
  // The name of a FIFO queue ends so:
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
  const std::string suffix = model.value("FifoQueue", false) ? ".fifo" : "";
  const auto name = model.emplace("QueueName", birth.id + suffix).first->get<std::string>();
  model["QueueUrl"] = fmt::format("https://sqs.{}.amazonaws.com{}/{}/{}", caller.region,
                                  partition(caller) == "aws-cn" ? ".cn" : "", caller.account, name);
}

}  // namespace athanor::local::sqs
