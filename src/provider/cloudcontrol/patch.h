#pragma once

#include "base/json.h"
#include "schema/type.h"

namespace athanor::provider::cloudcontrol {

/// The JSON Patch (RFC 6902) that makes `live` as `desired` says, in operations `add`, `replace` and
/// `remove`; an empty list where nothing needs to change. All models are in AWS's casing.
///
/// - It names only what the user manages (in `desired`) or managed (in `before`, what was sent last); within
///   tags that means single tags. Read-only and create-only properties are never named.
/// - An update reads, patches and writes back, and what is write-only cannot be read: it is sent again, as
///   `add`, whenever anything else is. What the live model lacks although it was sent counts as write-only.
/// - Values that mean the same (schema/compare.h), and what the service added inside a list's items, are left
///   alone.
///
/// `type` may be null for a type that the catalogue does not know: then properties differ as JSON does.
Json patch(const schema::Type* type, const Json& live, const Json& before, const Json& desired);

}  // namespace athanor::provider::cloudcontrol
