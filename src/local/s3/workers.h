#pragma once

#include <functional>
#include <memory>

namespace athanor {
class Loop;
}

namespace athanor::local::s3 {

/// Threads for what would hold up the server's loop: digests, copies, and waiting for disks.
class Workers {
 public:
  using Work = std::move_only_function<void()>;

  /// `loop` outlives this.
  explicit Workers(Loop& loop);
  /// Waits for what has begun; what has not is dropped.
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  /// Runs `work`, which does not throw, on one of the threads, and `then` on the loop. Callable from any
  /// thread.
  void run(Work work, Work then = nullptr);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace athanor::local::s3
