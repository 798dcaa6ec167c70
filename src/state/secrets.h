#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "state/seal.h"

namespace athanor::state {

/// A sealed value inside JSON: {"$athanor.sealed": "<base64>"}.
bool isSealed(const Json& value);
/// False only where no sealed value can stand in that JSON text.
bool maySealed(std::string_view text);

/// Seals what `pointers` name in `tree`, as store.h's Put says. References that are nothing but a reference
/// stay readable: they are no secret, and dependencies are read from them.
void sealAt(Json& tree, const std::vector<std::string>& pointers, Sealer& sealer);
/// Opens every sealed value in `tree`; leaves them all where the key is not at hand.
void openAll(Json& tree, Sealer& sealer);

}  // namespace athanor::state
