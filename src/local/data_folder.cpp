#include "local/data_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include "base/error.h"
#include "base/json.h"
#include "local/server.h"

namespace athanor::local {

namespace {

namespace fs = std::filesystem;

/// A lock of the open file description (fcntl(2)): unlike flock(2) it can be asked about without being taken.
struct flock wholeFile() {
  struct flock out{};
  out.l_type = F_WRLCK;
  out.l_whence = SEEK_SET;
  return out;
}

fs::path lockFile(const fs::path& folder) { return folder / "lock"; }

bool held(int file) {
  auto lock = wholeFile();
  return ::fcntl(file, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

Json announced(int file) {
  std::array<char, 4096> text{};
  const auto size = ::pread(file, text.data(), text.size(), 0);
  if (size <= 0) return {};
  return Json::parse(text.data(), text.data() + size, nullptr, false);
}

/// What the holder of the lock says of itself; waits a moment for one that has only just started.
Json holder(int file) {
  constexpr int tries = 100;
  for (int i = 0; i < tries && held(file); ++i) {
    auto found = announced(file);
    if (found.is_object() && held(file)) return found;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return {};
}

Error unwritable(const fs::path& folder, int why) {
  return Error(ErrorCode::state,
               fmt::format("the data folder {} cannot be written: {}", folder.string(), std::strerror(why)))
      .next("Choose another with --data, or mend its permissions.");
}

}  // namespace

DataFolder::DataFolder(const fs::path& folder) : path_(fs::absolute(folder).lexically_normal()) {
  std::error_code error;
  fs::create_directories(path_, error);
  if (error) throw unwritable(path_, error.value());
  lock_ = ::open(lockFile(path_).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock_ < 0) throw unwritable(path_, errno);
  auto lock = wholeFile();
  if (::fcntl(lock_, F_OFD_SETLK, &lock) == 0) {
    if (::ftruncate(lock_, 0) == 0) return;
    const int why = errno;
    ::close(lock_);
    throw unwritable(path_, why);
  }
  const auto who = holder(lock_);
  ::close(lock_);
  const auto url = stringAt(who, "url");
  throw Error(ErrorCode::conflict,
              fmt::format("another server uses the data folder {}{}", path_.string(),
                          who.contains("pid") ? fmt::format(" (process {})", who["pid"].dump()) : ""))
      .next(url.empty() ? "Stop it, or choose another folder with --data."
                        : fmt::format("Use it at {}, stop it, or choose another folder with --data.", url))
      .with(url);
}

DataFolder::~DataFolder() { ::close(lock_); }

void DataFolder::announce(const std::string& url) {
  const auto text = Json{{"pid", ::getpid()}, {"url", url}}.dump();
  if (::ftruncate(lock_, 0) != 0 || ::pwrite(lock_, text.data(), text.size(), 0) < 0)
    throw unwritable(path_, errno);
}

std::string runningServer(const fs::path& data) {
  const int file = ::open(lockFile(data).c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return "";
  const auto url = stringAt(holder(file), "url");
  ::close(file);
  return url;
}

}  // namespace athanor::local
