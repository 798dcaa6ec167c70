#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>
#include <system_error>

namespace athanor::local::http {

/// A body in a file of its own, which goes when this does, unless it is kept.
class BodyFile {
 public:
  /// Makes the file, which must not be there yet. Throws std::system_error where it cannot be made.
  explicit BodyFile(std::filesystem::path path);
  /// Makes it another name of `of`, which does not change. Throws as above.
  BodyFile(std::filesystem::path path, const std::filesystem::path& of);
  ~BodyFile();
  BodyFile(const BodyFile&) = delete;
  BodyFile& operator=(const BodyFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::uint64_t size() const { return size_; }
  /// For those who read or change it in place; stays this object's.
  int descriptor() const { return file_; }
  /// Writes on; gives the system's error where that fails (a full disk).
  std::error_code append(std::string_view bytes);
  /// Ends the file after `size` bytes; throws std::system_error where that fails.
  void truncate(std::uint64_t size);
  /// Lets the file stay.
  void keep() { kept_ = true; }

 private:
  std::filesystem::path path_;
  int file_ = -1;
  std::uint64_t size_ = 0;
  bool kept_ = false;
};

/// A file that is open for reading, and stays readable when it is deleted meanwhile.
class OpenFile {
 public:
  /// Throws std::system_error where it cannot be opened.
  explicit OpenFile(const std::filesystem::path& path);
  ~OpenFile();
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int descriptor() const { return file_; }

 private:
  int file_ = -1;
};

/// A part of a file, to be sent.
struct FileRange {
  std::shared_ptr<const OpenFile> file;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;  ///< bytes, all of which the file has
};

}  // namespace athanor::local::http
