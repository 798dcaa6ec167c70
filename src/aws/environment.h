#pragma once

#include <map>
#include <string>

namespace athanor::aws {

/// What the process was started with, as a value: everything that configures access to AWS reads from here,
/// so that tests own it.
struct Environment {
  std::map<std::string, std::string> variables = {};
  std::string home = {};  ///< the user's home folder; "" where there is none

  /// The variables and the home folder of this process.
  static Environment system();
  /// A variable's value, or `fallback` where it is not set or empty.
  std::string get(const std::string& name, const std::string& fallback = "") const;
  /// The first of `names` that is set, or "".
  std::string first(std::initializer_list<const char*> names) const;
  /// True for "true", "1", "yes" and "on" in any case.
  bool flag(const std::string& name) const;
  /// `path` with a leading "~" made the home folder.
  std::string expand(const std::string& path) const;
};

}  // namespace athanor::aws
