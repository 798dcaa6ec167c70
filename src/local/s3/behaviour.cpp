#include "local/s3/behaviour.h"

namespace athanor::local::s3 {

using cloudcontrol::HandlerFailure;

void BucketBehaviour::complete(cloudcontrol::World& world, const cloudcontrol::Birth&, Json& model) const {
  const auto name = stringAt(model, "BucketName");
  const auto found = name.empty() || !index_ ? std::nullopt : index_->bucket(name, world.caller());
  if (found && found->owner != world.caller())  // its own is told of by the inventory
    throw HandlerFailure("AlreadyExists", name + " already exists");
}

void BucketBehaviour::deleting(cloudcontrol::World& world, const Json& model) const {
  if (!index_) return;
  const auto found = index_->bucket(stringAt(model, "BucketName"), world.caller());
  if (found && !index_->empty(found->id))
    throw HandlerFailure("GeneralServiceException",
                         "The bucket you tried to delete is not empty (Service: S3, Status Code: 409)");
}

}  // namespace athanor::local::s3
