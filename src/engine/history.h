#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "engine/deployment.h"
#include "engine/journal.h"

namespace athanor::engine {

/// Writes one deployment into the history of its scope. A deployment that changes nothing leaves no mark, so
/// that it waits for no disk.
class History {
 public:
  /// Both outlive it.
  History(const Context& context, const Settings& settings) : context_(context), settings_(settings) {}

  /// Ends, as interrupted, the run of an earlier command that never wrote its end. To be called once the lock
  /// is held and before anything else is committed: the last commit is the last sign of that command.
  Task<> endInterrupted(Journal* journal);
  /// What goes into the transaction that begins to carry out a plan; none where it changes nothing.
  std::optional<state::Write> begin(const plan::Plan& approved, std::string program);
  /// Writes how it ended, and how long its steps took. Where that cannot be written it is only noted: the
  /// deployment itself is recorded.
  Task<> end(Journal* journal, const Result& result, bool stopped, std::vector<state::Timing> timings);

 private:
  Task<> write(Journal* journal, std::vector<state::Timing> timings);

  const Context& context_;
  const Settings& settings_;
  state::Run run_{};
};

/// The mark of a command that changed nothing but records and is done in one transaction. `program` is the
/// scope's.
state::Run recordingRun(const Settings& settings, std::string program, Target target, state::Counts done,
                        std::chrono::system_clock::time_point now);

/// plan::predictDuration() by the medians of what is recorded for the plan's endpoint.
std::optional<std::chrono::milliseconds> predictedDuration(state::Store& store, const plan::Plan& plan,
                                                           std::size_t parallel);

}  // namespace athanor::engine
