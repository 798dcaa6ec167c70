#pragma once

#include <string>

#include "base/json.h"
#include "schema/type.h"

namespace athanor::local::cloudcontrol {

/// The model that an UpdateResource asks for: `document` is a JSON Patch (RFC 6902) whose paths may lack
/// their leading slash; it applies to what reads show of the resource. Throws ApiError as AWS does: for a
/// document that is no patch or does not apply, for a failed test, and for properties that cannot be updated.
Json patched(const schema::Type& type, const Json& visible, const std::string& document);

}  // namespace athanor::local::cloudcontrol
