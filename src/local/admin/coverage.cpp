#include "local/admin/coverage.h"

#include "local/behaviours.h"
#include "local/cloudcontrol/cloud_control.h"
#include "local/s3/operation.h"
#include "local/sts/sts.h"

namespace athanor::local::admin {

namespace {

TypeCoverage coverageOf(const schema::Type& type, const cloudcontrol::Behaviours& behaviours) {
  return {type.name, behaviours.has(type.name), type.notDeployable};
}

}  // namespace

std::vector<ServiceCoverage> servedServices() {
  return {{"cloudcontrol", "Cloud Control API", cloudcontrol::CloudControl::operations()},
          {"s3", "Amazon S3", s3::operations()},
          {"sts", "Security Token Service", sts::operations()}};
}

TypeCoverage coverageOf(const schema::Type& type) { return coverageOf(type, allBehaviours(nullptr)); }

std::vector<TypeCoverage> coverageOfAll(const schema::Catalogue& catalogue) {
  const auto behaviours = allBehaviours(nullptr);
  std::vector<TypeCoverage> out;
  for (const auto name : catalogue.names())
    if (const auto* type = catalogue.find(name)) out.push_back(coverageOf(*type, behaviours));
  return out;
}

}  // namespace athanor::local::admin
