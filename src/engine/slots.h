#pragma once

#include <cstddef>
#include <deque>
#include <memory>

#include "base/task.h"

namespace athanor::engine {

/// Bounds how many things run at once; those that wait go in the order they came.
class Slots {
 public:
  explicit Slots(std::size_t most) : state_(std::make_shared<State>(State{most, {}})) {}

  /// Given back when the last copy ends.
  using Slot = std::shared_ptr<void>;
  Task<Slot> take() {
    auto state = state_;
    if (state->free == 0) {
      Later<> turn;
      state->waiting.push_back(turn);
      co_await turn;
    } else {
      --state->free;
    }
    co_return Slot(nullptr, [state](void*) { release(*state); });
  }

 private:
  struct State {
    std::size_t free;
    std::deque<Later<>> waiting;
  };
  static void release(State& state) {
    if (state.waiting.empty()) {
      ++state.free;
      return;
    }
    auto next = std::move(state.waiting.front());
    state.waiting.pop_front();
    next.resolve();
  }
  std::shared_ptr<State> state_;
};

}  // namespace athanor::engine
