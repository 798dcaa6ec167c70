#pragma once

#include <functional>
#include <mutex>
#include <thread>

namespace athanor::cli {

/// Ctrl-C and SIGTERM, heard on a thread of its own. Blocks both signals for this thread and those it starts,
/// so it is made before any other. Until told otherwise the first one ends the process with status 130, which
/// is safe at any moment: the journal knows what was in flight.
class Interrupts {
 public:
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  /// The first signal calls `first`, on a thread of its own, so that the second one ends the process whatever
  /// `first` waits for. Null undoes that, and waits for a call that is under way.
  void onFirst(std::function<void()> first);
  /// Called before the process is ended, to leave the terminal as it was. It may wait for nothing.
  void beforeExit(std::function<void()> tidy);

 private:
  void listen();
  void heard();

  std::mutex mutex_;
  std::function<void()> first_, tidy_;
  int signals_ = -1, end_ = -1;
  std::thread thread_, calling_;
};

}  // namespace athanor::cli
