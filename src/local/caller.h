#pragma once

#include <string>

namespace athanor::local {

/// Who asks, and of which region: what everything is kept by.
struct Caller {
  std::string account;
  std::string region;
  auto operator<=>(const Caller&) const = default;
};

/// "aws", "aws-cn" or "aws-us-gov", by the region's name.
std::string partition(const Caller& caller);

}  // namespace athanor::local
