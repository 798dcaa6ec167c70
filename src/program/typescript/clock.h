#pragma once

#include <cstdint>

namespace athanor::program {

/// The time that a program sees, which is the same in both passes: it starts at the deployment's start, moves
/// to each timer's moment as that fires, and by a microsecond with every look, so that a loop that waits for
/// time to pass ends.
class Clock {
 public:
  explicit Clock(std::int64_t startMilliseconds) : now_(static_cast<double>(startMilliseconds) * 1000) {}
  /// Microseconds since 1970.
  double read() { return now_ += 1; }
  double peek() const { return now_; }
  void reach(double microseconds) {
    if (microseconds > now_) now_ = microseconds;
  }

 private:
  double now_;
};

}  // namespace athanor::program
