#include "support/virtual_loop.h"

namespace athanor::test {

bool VirtualLoop::runUntil(const std::function<bool()>& done) {
  while (!done()) {
    if (ready_.empty()) {
      if (timers_.empty()) return false;
      auto next = timers_.extract(timers_.begin());
      elapsed_ = std::max(elapsed_, next.key().first);
      ready_.push_back(std::move(next.mapped()));
    }
    auto work = std::move(ready_.front());
    ready_.pop_front();
    work();
  }
  return true;
}

}  // namespace athanor::test
