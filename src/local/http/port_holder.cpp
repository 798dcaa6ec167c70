#include "local/http/port_holder.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace athanor::local::http {

namespace {

namespace fs = std::filesystem;

/// Inodes of the sockets that listen on `port`, from one of the kernel's tables (proc(5)).
void listening(const fs::path& table, std::uint16_t port, std::set<std::string>& inodes) {
  std::ifstream in(table);
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::istringstream fields(line);
    std::string slot, local, remote, state, queues, timer, retransmits, user, timeout, inode;
    fields >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> user >> timeout >> inode;
    constexpr std::string_view listen = "0A";
    const auto colon = local.rfind(':');
    if (state != listen || colon == std::string::npos) continue;
    unsigned found = 0;
    const char* end = local.data() + local.size();
    if (std::from_chars(local.data() + colon + 1, end, found, 16).ec == std::errc{} && found == port)
      inodes.insert(fmt::format("socket:[{}]", inode));
  }
}

bool holdsAny(const fs::path& process, const std::set<std::string>& sockets) {
  std::error_code error;
  for (fs::directory_iterator fd(process / "fd", error), end; !error && fd != end; fd.increment(error)) {
    std::error_code unreadable;
    if (sockets.contains(fs::read_symlink(fd->path(), unreadable).string())) return true;
  }
  return false;
}

}  // namespace

std::string portHolder(std::uint16_t port) {
  std::set<std::string> sockets;
  listening("/proc/net/tcp", port, sockets);
  listening("/proc/net/tcp6", port, sockets);
  if (sockets.empty()) return "";
  std::error_code error;
  for (fs::directory_iterator entry("/proc", error), end; !error && entry != end; entry.increment(error)) {
    const auto pid = entry->path().filename().string();
    if (pid.find_first_not_of("0123456789") != std::string::npos || !holdsAny(entry->path(), sockets))
      continue;
    std::string name;
    std::getline(std::ifstream(entry->path() / "comm"), name);
    return fmt::format("{} (process {})", name, pid);
  }
  return "";
}

}  // namespace athanor::local::http
