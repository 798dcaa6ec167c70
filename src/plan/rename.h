#pragma once

#include <optional>
#include <string>

#include "base/resource.h"

namespace athanor::plan {

/// A recorded resource after the id `from` has become `to`: its own id, what it depends on and what its props
/// refer to. None where nothing of that changes.
std::optional<Resource> renamed(const Resource& resource, const std::string& from, const std::string& to);

}  // namespace athanor::plan
