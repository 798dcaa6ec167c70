#pragma once

#include <filesystem>
#include <memory>

#include "state/seal.h"
#include "state/store.h"

namespace athanor::state {

/// The state in one SQLite file, with its locks in the folder `locks` beside it (docs/state.md). Touches
/// nothing yet: the file, and the folder around it, are made by the first lock(); until then every read finds
/// nothing.
std::unique_ptr<Store> openSqlite(const std::filesystem::path& file, Key source);

}  // namespace athanor::state
