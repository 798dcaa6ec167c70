#pragma once

#include <string>
#include <vector>

#include "state/database.h"
#include "state/history.h"
#include "state/store.h"

namespace athanor::state {

// The history in a SQLite state. Its tables come with the first run that is recorded, so that states from
// before it need no conversion and older programs go on reading newer ones.

/// In a transaction: inserts a run of the scope with that number in `scope`, or, where it has a number of its
/// own, brings its row up to date. Gives its number. Throws Error(internal) for a number that is not there.
std::int64_t writeRun(Database& database, std::int64_t scope, const Run& run);
/// In a transaction: adds to what is known of an endpoint, of each type and action the latest `timingsKept`.
void writeTimings(Database& database, const std::string& endpoint, const std::vector<Timing>& timings);

/// Newest first, `limit` at most.
std::vector<Run> readRuns(Database& database, const Scope& scope, std::size_t limit);
Timings readTimings(Database& database, const std::string& endpoint);

}  // namespace athanor::state
