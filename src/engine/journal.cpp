#include "engine/journal.h"

namespace athanor::engine {

std::vector<std::string> Journal::secretsOf(const Resource& resource, std::vector<std::string> named) const {
  named = united(std::move(named), resource.secrets);
  for (const auto* tree : {&resource.props, &resource.resolved(), &resource.outputs})
    named = united(std::move(named), redaction_.pointers(*tree));
  return named;
}

Task<> Journal::commit(std::vector<state::Write> writes) {
  for (auto& write : writes) {
    if (auto* put = std::get_if<state::Put>(&write))
      put->secrets = secretsOf(put->resource, std::move(put->secrets));
    if (const auto* begin = std::get_if<state::Begin>(&write))
      begin->entry->secrets = secretsOf(begin->entry->intended, std::move(begin->entry->secrets));
  }
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
