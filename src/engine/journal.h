#pragma once

#include <memory>
#include <vector>

#include "base/loop.h"
#include "state/store.h"

namespace athanor::engine {

/// Commits to one locked scope. Everything that becomes ready in one turn of the loop shares one durable
/// transaction, so that many steps at once cost few disk writes.
class Journal {
 public:
  Journal(Loop& loop, std::unique_ptr<state::Lock> lock) : loop_(loop), lock_(std::move(lock)) {}

  /// Ends once the writes are durable; throws Error(state) or Error(conflict) when they are not.
  Task<> commit(std::vector<state::Write> writes);

 private:
  void flush();

  Loop& loop_;
  std::unique_ptr<state::Lock> lock_;
  std::vector<state::Write> waiting_;
  Later<> batch_;
};

}  // namespace athanor::engine
