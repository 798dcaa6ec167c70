#include "local/private_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

#include "base/error.h"

namespace athanor::local {

namespace {

namespace fs = std::filesystem;

Error failed(std::string_view verb, const fs::path& file, int why) {
  return Error(ErrorCode::state, fmt::format("cannot {} {}: {}", verb, file.string(), std::strerror(why)))
      .next("Mend its permissions, or choose another data folder with --data.");
}

bool writeAll(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto size = ::write(file, bytes.data(), bytes.size());
    if (size < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

/// A new file beside `file`, which mkstemp(3) lets only its owner read.
fs::path written(const fs::path& file, std::string_view bytes) {
  fs::create_directories(file.parent_path());
  auto name = file.string() + ".XXXXXX";
  const int made = ::mkstemp(name.data());
  if (made < 0) throw failed("write", file, errno);
  const bool whole = writeAll(made, bytes) && ::fsync(made) == 0;
  const int why = errno;
  ::close(made);
  if (whole) return name;
  ::unlink(name.c_str());
  throw failed("write", file, why);
}

}  // namespace

std::string keptPrivately(const fs::path& file, const std::function<std::string()>& make) {
  std::error_code error;
  if (!fs::exists(file, error)) {
    const auto fresh = written(file, make());
    const bool linked = ::link(fresh.c_str(), file.c_str()) == 0 || errno == EEXIST;
    const int why = errno;
    ::unlink(fresh.c_str());
    if (!linked) throw failed("write", file, why);
  }
  std::ifstream in(file, std::ios::binary);
  if (!in) throw failed("read", file, errno);
  std::ostringstream out;
  out << in.rdbuf();
  return std::move(out).str();
}

void keepPrivately(const fs::path& file, const std::string& bytes) {
  const auto fresh = written(file, bytes);
  if (::rename(fresh.c_str(), file.c_str()) == 0) return;
  const int why = errno;
  ::unlink(fresh.c_str());
  throw failed("write", file, why);
}

}  // namespace athanor::local
