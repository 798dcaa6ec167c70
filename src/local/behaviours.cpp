#include "local/behaviours.h"

#include "local/ivs/behaviours.h"
#include "local/s3/behaviour.h"
#include "local/sqs/queue.h"

namespace athanor::local {

cloudcontrol::Behaviours allBehaviours(s3::Index* objects, std::function<std::string()> playbackBase) {
  cloudcontrol::Behaviours out;
  ivs::addBehaviours(out, std::move(playbackBase));
  out.add("AWS::SQS::Queue", std::make_unique<sqs::Queue>());
  out.add("AWS::S3::Bucket", std::make_unique<s3::BucketBehaviour>(objects));
  return out;
}

}  // namespace athanor::local
