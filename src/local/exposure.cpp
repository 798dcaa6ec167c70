#include "local/exposure.h"

#include <unistd.h>

#include <algorithm>
#include <array>

namespace athanor::local {

bool isLoopback(const std::string& address) {
  return address == "localhost" || address == "::1" || address.starts_with("127.");
}

std::vector<std::string> namesOf(const std::string& address) {
  std::vector<std::string> out = {"localhost", "127.0.0.1", "::1"};
  const auto add = [&](const std::string& name) {
    if (!name.empty() && std::ranges::find(out, name) == out.end()) out.push_back(name);
  };
  if (address != "0.0.0.0" && address != "::") add(address);
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) == 0) add(host.data());
  return out;
}

}  // namespace athanor::local
