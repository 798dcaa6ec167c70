#include "state/scope_lock.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/json.h"
#include "state/folder.h"

namespace athanor::state {

namespace fs = std::filesystem;

namespace {

std::string hostName() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "unknown";
}

/// Everything but letters, digits, "-" and "_" becomes %XX; a long name becomes its beginning and its hash.
std::string escaped(const std::string& name) {
  std::string out;
  for (unsigned char c : name) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    out += plain ? std::string(1, static_cast<char>(c)) : fmt::format("%{:02X}", c);
  }
  constexpr std::size_t longest = 100;  // of 255 that file systems take, for each of two names
  if (out.size() <= longest) return out;
  unsigned char hash[16];
  crypto_generichash(hash, sizeof hash, reinterpret_cast<const unsigned char*>(name.data()), name.size(),
                     nullptr, 0);
  out = out.substr(0, 60) + "~";
  for (unsigned char byte : hash) out += fmt::format("{:02x}", byte);
  return out;
}

std::string holderText(const std::string& command) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return Json{{"pid", ::getpid()},
              {"host", hostName()},
              {"command", command},
              {"since", fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(now))}}
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

Error heldBy(const std::optional<std::string>& text, const Scope& scope) {
  const auto holder = Json::parse(text.value_or(""), nullptr, false);
  const auto what = fmt::format("the stage \"{}\" of \"{}\" is in use by ", scope.stage, scope.app);
  constexpr auto next =
      "Wait until it is done, or end it: its lock ends with it, and the next command finishes what it began.";
  if (!holder.is_object()) return Error(ErrorCode::conflict, what + "another athanor process").next(next);
  return Error(ErrorCode::conflict,
               fmt::format("{}`{}` (process {} on {}, since {})", what, stringAt(holder, "command"),
                           holder.value("pid", 0), stringAt(holder, "host"), stringAt(holder, "since")))
      .next(next);
}

}  // namespace

std::string lockName(const Scope& scope) { return escaped(scope.app) + "." + escaped(scope.stage) + ".lock"; }

ScopeLock::ScopeLock(const fs::path& folder, const Scope& scope, const std::string& command)
    : path_(folder / "locks" / lockName(scope)) {
  makeFolder(folder);
  if (::mkdir(path_.parent_path().c_str(), 0700) != 0 && errno != EEXIST)
    throw fileError("create the folder", path_.parent_path(), errno);
  file_ = Descriptor(::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file_.open()) throw fileError("open the lock", path_, errno);
  while (::flock(file_.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) throw heldBy(readAll(path_), scope);
    if (errno != EINTR) throw fileError("lock", path_, errno);
  }
  if (::ftruncate(file_.get(), 0) != 0) throw fileError("write", path_, errno);
  writeAll(file_, holderText(command), path_);
}

ScopeLock::~ScopeLock() {
  // What cannot be wiped is only the name of who held it last; the lock itself ends with the descriptor.
  if (file_.open() && ::ftruncate(file_.get(), 0) != 0) return;
}

}  // namespace athanor::state
