#pragma once

#include <filesystem>
#include <string>

#include "state/files.h"
#include "state/store.h"

namespace athanor::state {

/// The file name of a scope's lock: no two scopes share one, whatever is in their names.
std::string lockName(const Scope& scope);

/// An operating-system lock (flock) on a file of its own for each scope. It ends with the object or with the
/// process, however that ends. The file says who holds it, and stays; a file alone locks nothing.
class ScopeLock {
 public:
  /// The file lies in `locks` in `folder`; both are made. Throws Error(conflict) that names the holder,
  /// Error(state) where the file cannot be made or locked.
  ScopeLock(const std::filesystem::path& folder, const Scope& scope, const std::string& command);
  ScopeLock(ScopeLock&&) = default;
  ScopeLock& operator=(ScopeLock&&) = delete;
  ~ScopeLock();

 private:
  std::filesystem::path path_;
  Descriptor file_;
};

}  // namespace athanor::state
