#pragma once

#include <optional>
#include <string>

#include "base/json.h"
#include "schema/type.h"

namespace athanor::schema {

/// The primary identifier of a full model as Cloud Control writes it: plain, or "A|B" in the schema's order.
/// None where a part is missing.
std::optional<std::string> identifierOf(const Type& type, const Json& model);

/// The property that is a name of the user's choice and unique: what a resource's ARN is made of, beside
/// account and region. Null where there is none.
const Property* uniqueName(const Type& type);

/// The identifier's parts by property name, from plain text, "A|B", or JSON in any order.
std::optional<Json> identifierParts(const Type& type, const std::string& identifier);

}  // namespace athanor::schema
