#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "local/cloudcontrol/resources.h"
#include "schema/catalogue.h"
#include "schema/type.h"

namespace athanor::local::cloudcontrol {

/// A value of a model that may name a resource of another type.
struct Reference {
  std::string pointer;   ///< where it stands: "/VpcConfig/SubnetIds/0"
  std::string property;  ///< the property that holds it, or the list that it is an item of: "SubnetIds"
  std::string value;
  const std::vector<schema::Referent>* to;  ///< belongs to the type
};

/// Every string of `model` that stands where its type's schema knows of references.
std::vector<Reference> referencesIn(const schema::Type& type, const Json& model);

/// Throws HandlerFailure (InvalidRequest) where `model` names a resource that is not there, and `before` did
/// not name it already. What the schema calls a reference may be many other things as well, so a value is
/// only refused if
/// - it has the form that this AWS gives out for that type: an ARN of the caller's own account and region, or
///   an identifier that the service makes. Names that people choose, buckets, other accounts and regions, and
///   what AWS itself puts into accounts are never refused;
/// - a caller has made a resource of that type here; and
/// - no resource of any type that it may refer to has it as a value.
void checkReferences(Resources& resources, const schema::Catalogue& catalogue, const Caller& caller,
                     const schema::Type& type, const Json& model, const Json& before);

}  // namespace athanor::local::cloudcontrol
