#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "local/cloudcontrol/resources.h"
#include "schema/type.h"

namespace athanor::local::cloudcontrol {

/// What a resource of this type and model keeps from being deleted, as `refuseInUse` looks for it.
std::vector<std::string> keptFromDeletion(const schema::Type& type, const Json& model);

/// Throws HandlerFailure where AWS refuses to delete a resource of this type because another one uses it. The
/// types, and where each rule is told, stand in in_use.cpp.
void refuseInUse(Resources& resources, const schema::Type& type, const ResourceKey& key, const Json& model);

}  // namespace athanor::local::cloudcontrol
