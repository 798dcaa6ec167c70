#pragma once

#include <optional>

#include "base/json.h"
#include "schema/type.h"

namespace athanor::schema {

/// A random value that `shape` allows, drawn piece by piece with RapidCheck, so call it inside a property:
/// what it needs, and some of what it may have, without what only the service sets. None where no value can
/// be made, for a pattern that no sample matches.
std::optional<Json> drawModel(const Shape& shape, int depth = 0);

}  // namespace athanor::schema
