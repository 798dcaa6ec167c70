#include "recorder/channel.h"

#include <algorithm>
#include <array>

namespace athanor::recorder {

namespace {

constexpr std::array<std::string_view, 4> names{"LOWEST_RESOLUTION", "SD", "HD", "FULL_HD"};

}  // namespace

std::string_view nameOf(Band band) { return names.at(static_cast<std::size_t>(band)); }

std::optional<Band> bandNamed(std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return {};
  return static_cast<Band>(found - names.begin());
}

}  // namespace athanor::recorder
