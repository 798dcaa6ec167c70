#include "state/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

namespace athanor::state {

namespace fs = std::filesystem;

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

Error fileError(const std::string& verb, const fs::path& path, int number) {
  Error error(ErrorCode::state,
              fmt::format("cannot {} {}: {}", verb, path.string(), std::generic_category().message(number)));
  switch (number) {
    case EACCES:
    case EPERM:
      return std::move(error).next(
          "Give yourself permission to read and write it and its folder, or run as its owner.");
    case EROFS:
      return std::move(error).next("Its file system is read-only: make it writable, or work elsewhere.");
    case ENOSPC:
    case EDQUOT:
      return std::move(error).next("Free some space on its disk, then run the command again.");
    default:
      return error;
  }
}

namespace {

void sync(const Descriptor& file, const fs::path& path) {
  if (::fsync(file.get()) != 0) throw fileError("write", path, errno);
}

/// A new name is durable once its folder is.
void syncFolder(const fs::path& folder) {
  const Descriptor handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!handle.open()) throw fileError("open", folder, errno);
  if (::fsync(handle.get()) != 0 && errno != EINVAL) throw fileError("write", folder, errno);
}

/// 0, or why `to` could not be made: EEXIST where it is there already.
int nameOnce(const fs::path& from, const fs::path& to) {
  if (::link(from.c_str(), to.c_str()) == 0) return 0;
  if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS && errno != EMLINK) return errno;
  // A file system without hard links.
  return ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0 ? 0 : errno;
}

}  // namespace

std::pair<Descriptor, fs::path> newBeside(const fs::path& path) {
  std::string name = path.string() + ".XXXXXX";
  Descriptor file(::mkostemp(name.data(), O_CLOEXEC));  // 0600
  if (!file.open()) throw fileError("create", path, errno);
  return {std::move(file), fs::path(name)};
}

void writeAll(const Descriptor& file, std::string_view bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const auto written = ::write(file.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw fileError("write", path, errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::optional<std::string> readAll(const fs::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open() && (errno == ENOENT || errno == ENOTDIR)) return {};
  if (!file.open()) throw fileError("open", path, errno);
  std::string bytes;
  char buffer[4096];
  for (;;) {
    const auto count = ::read(file.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw fileError("read", path, errno);
    if (count == 0) return bytes;
    bytes.append(buffer, static_cast<std::size_t>(count));
  }
}

bool publish(const fs::path& temporary, const fs::path& path) {
  {
    const Descriptor file(::open(temporary.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.open()) throw fileError("open", temporary, errno);
    sync(file, path);
  }
  const int failure = nameOnce(temporary, path);
  ::unlink(temporary.c_str());
  if (failure == EEXIST) return false;
  if (failure != 0) throw fileError("create", path, failure);
  syncFolder(path.parent_path());
  return true;
}

}  // namespace athanor::state
