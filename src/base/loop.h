#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "base/task.h"

namespace boost::asio {
class io_context;
}

namespace athanor {

/// The thread that an engine's coroutines run on, and where its time comes from. Tests own one whose clock
/// moves only when nothing else is left to do.
class Loop {
 public:
  using Work = std::move_only_function<void()>;
  virtual ~Loop() = default;

  /// Wall-clock time: for records and expiry.
  virtual std::chrono::system_clock::time_point now() const = 0;
  /// Monotonic time: for durations.
  virtual std::chrono::steady_clock::time_point tick() const = 0;
  /// Runs `work` later on this loop. Callable from any thread.
  virtual void post(Work work) = 0;
  /// Runs `work` on this loop once `delay` has passed.
  virtual void after(std::chrono::milliseconds delay, Work work) = 0;
  /// Runs work until `done()` is true; false when nothing is left that could make it so.
  virtual bool runUntil(const std::function<bool()>& done) = 0;
};

/// Resumes the awaiting coroutine once `delay` has passed.
Task<> sleepFor(Loop& loop, std::chrono::milliseconds delay);

/// The outcome of a Later that has settled.
template <class T>
T outcome(Later<T>& later) {
  std::optional<T> out;
  std::exception_ptr error;
  [](Later<T> from, std::optional<T>* value, std::exception_ptr* failed) -> detail::Detached {
    try {
      value->emplace(co_await from);
    } catch (...) {
      *failed = std::current_exception();
    }
  }(later, &out, &error);
  if (error) std::rethrow_exception(error);
  return std::move(*out);
}

/// Starts `task` and runs the loop until it has ended. Throws what it threw, and std::logic_error if it never
/// ends.
template <class T>
T runTask(Loop& loop, Task<T> task) {
  auto later = start(std::move(task));
  if (!loop.runUntil([&] { return later.settled(); }))
    throw std::logic_error("a task waits for what never comes");
  return outcome(later);
}
inline void runTask(Loop& loop, Task<> task) {
  auto later = start(std::move(task));
  if (!loop.runUntil([&] { return later.settled(); }))
    throw std::logic_error("a task waits for what never comes");
  (void)outcome(later);
}

/// The real loop: the calling thread, the system's clocks, and Asio's sockets.
class SystemLoop final : public Loop {
 public:
  SystemLoop();
  ~SystemLoop() override;
  std::chrono::system_clock::time_point now() const override;
  std::chrono::steady_clock::time_point tick() const override;
  void post(Work work) override;
  void after(std::chrono::milliseconds delay, Work work) override;
  bool runUntil(const std::function<bool()>& done) override;
  boost::asio::io_context& context();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace athanor
