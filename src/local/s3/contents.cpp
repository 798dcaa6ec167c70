#include "local/s3/contents.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace athanor::local::s3 {

namespace fs = std::filesystem;

namespace {

void throwLast(const fs::path& what) {
  throw std::system_error(errno, std::generic_category(), what.string());
}

}  // namespace

Contents::Contents(fs::path folder, const Sources& sources)
    : folder_(std::move(folder)), series_(fmt::format("{:016x}", sources.random())) {}

fs::path Contents::fresh() {
  const auto number = ++last_;
  if (number == 1) fs::create_directories(folder_);
  return folder_ / fmt::format("{}-{:x}", series_, number);
}

void Contents::sync(const http::BodyFile& file) {
  if (::fdatasync(file.descriptor()) != 0) throwLast(file.path());
  const int folder = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) throwLast(folder_);
  const int failed = ::fsync(folder);
  ::close(folder);
  if (failed) throwLast(folder_);
}

void Contents::remove(std::span<const std::string> names) {
  for (const auto& name : names)
    if (!name.empty()) ::unlink(path(name).c_str());
}

void Contents::removeOthers(std::vector<std::string> named) {
  std::ranges::sort(named);
  std::error_code error;
  for (fs::directory_iterator entry(folder_, error), end; !error && entry != end; entry.increment(error)) {
    const auto name = entry->path().filename().string();
    if (!std::ranges::binary_search(named, name)) ::unlink(entry->path().c_str());
  }
}

}  // namespace athanor::local::s3
