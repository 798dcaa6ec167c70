#include "schema/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace athanor::schema {

MappedFile::MappedFile(const std::filesystem::path& file) {
  const auto fail = [&](int error) {
    throw Error(ErrorCode::state, "cannot read " + file.string() + ": " + std::strerror(error));
  };
  const int handle = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (handle < 0) fail(errno);
  struct stat status{};
  if (::fstat(handle, &status) == 0 && status.st_size > 0) {
    size_ = static_cast<std::size_t>(status.st_size);
    void* place = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, handle, 0);
    if (place != MAP_FAILED) data_ = static_cast<const char*>(place);
  }
  const int error = errno;
  ::close(handle);
  if (size_ > 0 && !data_) fail(error);
}

MappedFile::~MappedFile() {
  if (data_) ::munmap(const_cast<char*>(data_), size_);
}

}  // namespace athanor::schema
