#include "program/typescript/watchdog.h"

namespace athanor::program {

Watchdog::~Watchdog() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Watchdog::watch(std::chrono::milliseconds limit) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    deadline_ = Clock::now() + limit;
    watching_ = true;
    barked_ = false;
    wake = deadline_ < sleepsUntil_;  // else the thread wakes in time by itself, and looks again
  }
  if (!thread_.joinable())
    thread_ = std::thread([this] { run(); });
  else if (wake)
    changed_.notify_one();
}

void Watchdog::unwatch() {
  const std::lock_guard lock(mutex_);
  watching_ = false;
}

bool Watchdog::barked() {
  const std::lock_guard lock(mutex_);
  return barked_;
}

void Watchdog::run() {
  std::unique_lock lock(mutex_);
  while (!closing_) {
    if (!watching_) {
      sleepsUntil_ = Clock::time_point::max();
      changed_.wait(lock);
    } else if (Clock::now() < deadline_) {
      sleepsUntil_ = deadline_;
      changed_.wait_until(lock, deadline_);
    } else {
      watching_ = false;
      barked_ = true;
      bark_();
    }
  }
}

}  // namespace athanor::program
