#include "local/faults/throttle.h"

#include <algorithm>
#include <chrono>

namespace athanor::local {

Throttle::Throttle(double rate) : rate_(rate), most_(std::max(2.0, rate / 5)) {}

bool Throttle::admits(const Caller& caller, Time now) {
  if (rate_ <= 0) return true;
  auto& bucket = buckets_.try_emplace(caller, Bucket{most_, now}).first->second;
  const std::chrono::duration<double> passed = now - bucket.filled;
  bucket.left = std::min(most_, bucket.left + std::max(0.0, passed.count()) * rate_);
  bucket.filled = now;
  if (bucket.left < 1) return false;
  bucket.left -= 1;
  return true;
}

}  // namespace athanor::local
