#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "base/resource.h"

namespace athanor::plan {

/// True where a program lets others change what stands at a JSON pointer (`ignoreChanges`).
bool ignores(const Options& options, const std::string& pointer);

/// `props` in which what stands at and below the JSON pointers `ignored` is as in the first of `now` and
/// `before` that has it, and absent where neither does: what an update then sends leaves it alone. A place
/// inside a list stays as it is where `props` has no such item.
Json withIgnored(Json props, const std::vector<std::string>& ignored, const Json& now, const Json& before);

}  // namespace athanor::plan
