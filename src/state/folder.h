#pragma once

#include <filesystem>

namespace athanor::state {

/// Where `.athanor` of a program lies (it need not exist): in the nearest folder at or above the program's
/// own that has one, or a `package.json` or `.git`; else beside the program. `program` is absolute.
std::filesystem::path folderOf(const std::filesystem::path& program);

/// Makes `folder` and what is missing above it, for the user alone (0700). One made here, or called
/// `.athanor`, gets a `.gitignore` that keeps all of it out of version control. Throws Error(state).
void makeFolder(const std::filesystem::path& folder);

}  // namespace athanor::state
