#pragma once

#include "base/json.h"
#include "schema/type.h"

namespace athanor::schema {

/// The props with which a program would declare a live model: what can be written and is live. Left out are
/// read-only and write-only properties, what the schema does not know, optional properties that are as the
/// schema's defaults, and tags that AWS itself sets ("aws:…").
Json writable(const Type& type, const Json& live);

/// The property at a JSON pointer in AWS's casing; null where the schema knows none there.
const Property* propertyAt(const Shape& shape, std::string_view pointer);

}  // namespace athanor::schema
