#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "schema/type.h"

namespace athanor::schema {

/// A name of AWS in camelCase: "KMSKeyId" → "kmsKeyId", "S3" → "s3", "DBInstanceIdentifier" →
/// "dbInstanceIdentifier".
std::string camelCase(std::string_view name);

/// `props` with every known property in AWS's casing, at every depth. Keys that the shape does not know, keys
/// of maps and free-form values, and references (base/reference.h) stay as they are. Where a key stands in
/// two casings at once, both stay, and validation reports it.
Json settle(const Shape& shape, const Json& props);

/// The reverse for outputs: known properties in camelCase at every depth, the rest as it is.
Json camel(const Shape& shape, const Json& model);

/// A JSON pointer in AWS's casing as the user writes it: "/KMSKeyId/A" → "kmsKeyId.a".
std::string camelPath(const Shape& shape, std::string_view pointer);

}  // namespace athanor::schema
