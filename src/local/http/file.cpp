#include "local/http/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace athanor::local::http {

namespace {

std::error_code lastError() { return {errno, std::generic_category()}; }

int opened(const std::filesystem::path& path, int flags) {
  const int file = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (file < 0) throw std::system_error(lastError(), path.string());
  return file;
}

}  // namespace

BodyFile::BodyFile(std::filesystem::path path)
    : path_(std::move(path)), file_(opened(path_, O_RDWR | O_CREAT | O_EXCL)) {}

BodyFile::BodyFile(std::filesystem::path path, const std::filesystem::path& of) : path_(std::move(path)) {
  if (::link(of.c_str(), path_.c_str()) != 0) throw std::system_error(lastError(), path_.string());
  try {
    file_ = opened(path_, O_RDONLY);
    size_ = std::filesystem::file_size(path_);
  } catch (...) {
    ::unlink(path_.c_str());
    throw;
  }
}

BodyFile::~BodyFile() {
  ::close(file_);
  if (!kept_) ::unlink(path_.c_str());
}

void BodyFile::truncate(std::uint64_t size) {
  if (::ftruncate(file_, static_cast<off_t>(size)) != 0) throw std::system_error(lastError(), path_.string());
  size_ = size;
}

std::error_code BodyFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(file_, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return lastError();
    }
    size_ += static_cast<std::uint64_t>(written);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

OpenFile::OpenFile(const std::filesystem::path& path) : file_(opened(path, O_RDONLY)) {}
OpenFile::~OpenFile() { ::close(file_); }

}  // namespace athanor::local::http
