#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "local/http/file.h"
#include "local/sources.h"

namespace athanor::local::s3 {

/// The folder with what objects and parts consist of: files that are named here, never by a key, and that do
/// not change once a row names them. All of it is callable from any thread.
class Contents {
 public:
  /// Makes the folder when first needed.
  Contents(std::filesystem::path folder, const Sources& sources);

  /// A file that does not exist yet.
  std::filesystem::path fresh();
  std::filesystem::path path(const std::string& name) const { return folder_ / name; }

  /// Returns once `file` is on the disk with its name. Throws std::system_error.
  void sync(const http::BodyFile& file);
  void remove(std::span<const std::string> names);
  /// Removes every file that is not among `named`: what a killed server left.
  void removeOthers(std::vector<std::string> named);

 private:
  std::filesystem::path folder_;
  std::string series_;  ///< what this process's names begin with
  std::atomic<std::uint64_t> last_ = 0;
};

}  // namespace athanor::local::s3
