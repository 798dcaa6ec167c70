#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"

namespace athanor::state {

/// An open file descriptor; closed with the object.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor();
  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }

 private:
  int fd_;
};

/// Error(state): "cannot <verb> <path>: <errno in words>", with what to do about it.
Error fileError(const std::string& verb, const std::filesystem::path& path, int number);

/// Opens a new file that only its owner can read, under a name of its own beside `path`.
std::pair<Descriptor, std::filesystem::path> newBeside(const std::filesystem::path& path);
/// Throws Error(state) that names `path`.
void writeAll(const Descriptor& file, std::string_view bytes, const std::filesystem::path& path);
/// The file's bytes; none where there is no file. Throws Error(state) where it cannot be read.
std::optional<std::string> readAll(const std::filesystem::path& path);
/// Gives a complete file its name, durably, and never overwrites: false where the name is already taken
/// (`temporary` is removed in either case). Throws Error(state).
bool publish(const std::filesystem::path& temporary, const std::filesystem::path& path);

}  // namespace athanor::state
