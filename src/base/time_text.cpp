#include "base/time_text.h"

#include <fmt/chrono.h>

namespace athanor {

namespace {

std::string upToSeconds(std::chrono::system_clock::time_point time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}", fmt::gmtime(std::chrono::floor<std::chrono::seconds>(time)));
}

}  // namespace

std::string isoTime(std::chrono::system_clock::time_point time) { return upToSeconds(time) + "Z"; }

std::string isoTimeWithMilliseconds(std::chrono::system_clock::time_point time) {
  const auto since = std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch();
  return fmt::format("{}.{:03}Z", upToSeconds(time), since.count() % 1000);
}

}  // namespace athanor
