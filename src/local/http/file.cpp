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

BodyFile::~BodyFile() {
  ::close(file_);
  ::unlink(path_.c_str());
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
