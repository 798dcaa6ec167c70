#pragma once

#include <cstdint>
#include <deque>
#include <map>

#include "base/loop.h"

namespace athanor::test {

/// A loop whose clock moves only when nothing else is left to do: hours pass in no time, in a fixed order.
class VirtualLoop final : public Loop {
 public:
  std::chrono::system_clock::time_point now() const override { return wall + elapsed_; }
  std::chrono::steady_clock::time_point tick() const override {
    return std::chrono::steady_clock::time_point(elapsed_);
  }
  void post(Work work) override { ready_.push_back(std::move(work)); }
  void after(std::chrono::milliseconds delay, Work work) override {
    timers_.emplace(std::pair(elapsed_ + delay, sequence_++), std::move(work));
  }
  bool runUntil(const std::function<bool()>& done) override;
  std::chrono::milliseconds elapsed() const { return elapsed_; }
  /// The wall clock's start; a test may step it.
  std::chrono::system_clock::time_point wall{std::chrono::seconds(1'800'000'000)};

 private:
  std::chrono::milliseconds elapsed_{0};
  std::uint64_t sequence_ = 0;
  std::deque<Work> ready_;
  std::map<std::pair<std::chrono::milliseconds, std::uint64_t>, Work> timers_;
};

}  // namespace athanor::test
