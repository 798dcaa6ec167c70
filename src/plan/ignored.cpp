#include "plan/ignored.h"

#include <algorithm>

namespace athanor::plan {

bool ignores(const Options& options, const std::string& pointer) {
  return std::ranges::any_of(options.ignoreChanges,
                             [&](const std::string& ignored) { return within(pointer, ignored); });
}

Json withIgnored(Json props, const std::vector<std::string>& ignored, const Json& now, const Json& before) {
  for (const auto& text : ignored) {
    const Json::json_pointer at(text);
    const auto parent = at.parent_pointer();
    const auto* found = now.contains(at) ? &now : before.contains(at) ? &before : nullptr;
    if (found) {
      const bool fits = props.contains(parent) && !props[parent].is_object() ? props.contains(at)
                                                                             : (*found)[parent].is_object();
      if (fits) props[at] = (*found)[at];
    } else if (props.contains(at) && props[parent].is_object()) {
      props[parent].erase(at.back());
    }
  }
  return props;
}

}  // namespace athanor::plan
