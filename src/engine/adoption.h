#pragma once

#include <optional>

#include "base/task.h"
#include "engine/session.h"

namespace athanor::engine {

/// What a declaration that adopts, and of which nothing is recorded, takes over: what the option names, else
/// what its own props identify, else the only resource of its type that has its unique name, or, where
/// it gives no such, all of its tags. None where
/// nothing such exists. Throws Error(notFound) where what the option names does not exist, Error(refused)
/// where several have the tags or another id has it already. Both outlive the task.
Task<std::optional<plan::Existing>> findExisting(Session* session, const Declaration* declaration);

}  // namespace athanor::engine
