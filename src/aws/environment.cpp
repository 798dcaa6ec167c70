#include "aws/environment.h"

#include <pwd.h>
#include <unistd.h>

#include "aws/text.h"

namespace athanor::aws {

Environment Environment::system() {
  Environment out;
  for (char** entry = environ; entry && *entry; ++entry) {
    const std::string_view line(*entry);
    const auto equals = line.find('=');
    if (equals != std::string_view::npos)
      out.variables.emplace(line.substr(0, equals), line.substr(equals + 1));
  }
  out.home = out.get("HOME");
  if (out.home.empty()) {
    passwd entry{}, *found = nullptr;
    std::vector<char> buffer(4096);
    if (getpwuid_r(getuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found)
      out.home = entry.pw_dir;
  }
  return out;
}

std::string Environment::get(const std::string& name, const std::string& fallback) const {
  auto found = variables.find(name);
  return found == variables.end() || found->second.empty() ? fallback : found->second;
}

std::string Environment::first(std::initializer_list<const char*> names) const {
  for (const char* name : names)
    if (auto value = get(name); !value.empty()) return value;
  return "";
}

bool Environment::flag(const std::string& name) const {
  const auto value = lower(get(name));
  return value == "true" || value == "1" || value == "yes" || value == "on";
}

std::string Environment::expand(const std::string& path) const {
  return path == "~" || path.starts_with("~/") ? home + path.substr(1) : path;
}

}  // namespace athanor::aws
