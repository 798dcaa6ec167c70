#pragma once

#include "local/cloudcontrol/behaviour.h"
#include "local/s3/index.h"

namespace athanor::local::s3 {

/// AWS::S3::Bucket: its name is unique in all accounts and regions, and it cannot be deleted while it holds
/// objects.
class BucketBehaviour final : public cloudcontrol::Behaviour {
 public:
  /// Without an index, buckets are empty, and names unique in an account and region.
  explicit BucketBehaviour(Index* index) : index_(index) {}
  void complete(cloudcontrol::World& world, const cloudcontrol::Birth& birth, Json& model) const override;
  void deleting(cloudcontrol::World& world, const Json& model) const override;

 private:
  Index* index_;
};

}  // namespace athanor::local::s3
