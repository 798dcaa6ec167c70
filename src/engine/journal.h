#pragma once

#include <memory>
#include <vector>

#include "base/loop.h"
#include "engine/redaction.h"
#include "state/store.h"

namespace athanor::engine {

/// Commits to one locked scope. Everything that becomes ready in one turn of the loop shares one durable
/// transaction, so that many steps at once cost few disk writes. What holds a secret is sealed, also where
/// the writes do not say so.
class Journal {
 public:
  Journal(Loop& loop, std::unique_ptr<state::Lock> lock, const Redaction& redaction)
      : loop_(loop), lock_(std::move(lock)), redaction_(redaction) {}

  /// Ends once the writes are durable; throws Error(state) or Error(conflict) when they are not.
  Task<> commit(std::vector<state::Write> writes);

 private:
  void flush();
  std::vector<std::string> secretsOf(const Resource& resource, std::vector<std::string> named) const;

  Loop& loop_;
  std::unique_ptr<state::Lock> lock_;
  const Redaction& redaction_;
  std::vector<state::Write> waiting_;
  Later<> batch_;
};

}  // namespace athanor::engine
