#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "local/cloudcontrol/database.h"
#include "local/cloudcontrol/operation.h"

namespace athanor::local::cloudcontrol {

/// Every operation that was accepted in the last week.
class Operations {
 public:
  explicit Operations(Database& database);

  void add(const Operation& operation);
  /// Writes what changes while an operation runs: status, event time, due time, model, error and message.
  void update(const Operation& operation);
  std::optional<Operation> byToken(const Caller& caller, const std::string& token);
  /// The last one with this ClientToken that was accepted after `since`.
  std::optional<Operation> byClientToken(const Caller& caller, const std::string& clientToken, Time since);
  /// The one that is under way on a resource.
  std::optional<Operation> activeOn(const ResourceKey& resource);
  /// Those under way that end at or before `now`, in the order of their ends; at most 1000.
  std::vector<Operation> due(Time now);
  std::optional<Time> nextDue();
  /// Up to `most`, newest first: those accepted after `since` with a sequence number below `before`.
  std::vector<Operation> recent(const Caller& caller, Time since, std::int64_t before, std::int64_t most);
  /// Removes those that ended and were accepted at or before `since`; at most 1000 at once.
  void forget(Time since);

 private:
  SQLite::Statement add_, update_, byToken_, byClientToken_, activeOn_, due_, nextDue_, recent_, forget_;
};

}  // namespace athanor::local::cloudcontrol
