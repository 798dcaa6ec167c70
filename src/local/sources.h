#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "base/random_text.h"

namespace athanor::local {

using Time = std::chrono::system_clock::time_point;

/// What the AWS that runs here cannot know by itself; tests own both.
struct Sources {
  std::function<Time()> now;
  Random random;
};

/// The system's clock and the operating system's random numbers.
Sources systemSources();

/// A random UUID (RFC 9562, version 4).
std::string uuid(const Sources& sources);
/// `length` random characters of [A-Za-z0-9], as AWS ends its ARNs with.
std::string randomId(const Sources& sources, std::size_t length);
/// The same of [a-z0-9].
std::string randomLowerId(const Sources& sources, std::size_t length);

}  // namespace athanor::local
