#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace athanor::program {

/// Calls back from a thread of its own when what it watches runs longer than it may. The thread starts with
/// the first watch.
class Watchdog {
 public:
  using Clock = std::chrono::steady_clock;
  explicit Watchdog(std::function<void()> bark) : bark_(std::move(bark)) {}
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  /// Barks once if unwatch() does not come within `limit`.
  void watch(std::chrono::milliseconds limit);
  void unwatch();
  /// True from a bark to the next watch().
  bool barked();

 private:
  void run();

  std::function<void()> bark_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::thread thread_;
  Clock::time_point deadline_;
  Clock::time_point sleepsUntil_ = Clock::time_point::max();
  bool watching_ = false, barked_ = false, closing_ = false;
};

}  // namespace athanor::program
