#include "engine/journal.h"

namespace athanor::engine {

Task<> Journal::commit(std::vector<state::Write> writes) {
  if (waiting_.empty()) {
    batch_ = Later<>();
    loop_.post([this] { flush(); });
  }
  auto done = batch_;
  for (auto& write : writes) waiting_.push_back(std::move(write));
  co_await done;
}

void Journal::flush() {
  const auto writes = std::exchange(waiting_, {});
  auto batch = batch_;
  try {
    lock_->commit(writes);
  } catch (...) {
    batch.reject(std::current_exception());
    return;
  }
  batch.resolve();
}

}  // namespace athanor::engine
