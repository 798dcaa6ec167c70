#pragma once

#include <string>

#include "base/json.h"
#include "schema/type.h"

namespace athanor::local::cloudcontrol {

/// Checks a model against its type; throws ApiError with AWS's "Model validation failed (…)" that lists every
/// mistake in the words of AWS's validator. Those words never show a value, as values may be secret.
void validateModel(const schema::Type& type, const Json& model, bool readOnlyAllowed);

}  // namespace athanor::local::cloudcontrol
