#pragma once

#include "base/json.h"
#include "state/store.h"

namespace athanor::state {

/// A scope as JSON, sealed values still sealed, for people and other programs:
/// {"format": 1, "app", "stage", "program", "target", "updatedAt" (RFC 3339), "resources": [Resource],
///  "journal": [{"sequence", "id", "generation", "attempt", "operation", "type", "identifier", "clientToken",
///  "requestToken", "begunAt"}]}. Throws Error(notFound) for a scope that is not there.
Json exportScope(Store& store, const Scope& scope);

}  // namespace athanor::state
