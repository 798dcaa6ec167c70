#pragma once

#include <filesystem>
#include <string>

namespace athanor::local {

/// The folder that a server keeps everything in, locked for as long as this lives. The lock is the operating
/// system's and dies with the process that holds it.
class DataFolder {
 public:
  /// Makes the folder when missing. Throws Error(conflict) when another server uses it, with that server's
  /// URL in the detail, and Error(state) when it cannot be written.
  explicit DataFolder(const std::filesystem::path& folder);
  ~DataFolder();
  DataFolder(const DataFolder&) = delete;
  DataFolder& operator=(const DataFolder&) = delete;

  /// Absolute.
  const std::filesystem::path& path() const { return path_; }
  /// The file that holds what was created and asked for.
  std::filesystem::path database() const { return path_ / "local.sqlite"; }
  /// Keys that requests must be signed with, where the user put some.
  std::filesystem::path credentials() const { return path_ / "credentials"; }
  /// What the tokens of sessions are made with.
  std::filesystem::path sessionKey() const { return path_ / "session.key"; }
  /// The certificate authority.
  std::filesystem::path tls() const { return tlsOf(path_); }
  static std::filesystem::path tlsOf(const std::filesystem::path& folder) { return folder / "tls"; }
  /// Tells others where this folder is served.
  void announce(const std::string& url);

 private:
  std::filesystem::path path_;
  int lock_ = -1;
};

}  // namespace athanor::local
