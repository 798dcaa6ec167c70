#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/resource.h"

namespace athanor::state {

/// How many steps of each kind.
struct Counts {
  std::size_t create = 0, update = 0, replace = 0, remove = 0, adopt = 0, keep = 0;
  std::size_t failed = 0;
  std::size_t notRun = 0;  ///< because what they depend on failed, or on request
  bool operator==(const Counts&) const = default;
};

/// {"create", "update", "replace", "delete", "adopt", "keep", "failed", "notRun"}.
Json toJson(const Counts& counts);
Counts countsFrom(const Json& json);

/// One run of a command that set out to change a scope.
struct Run {
  enum class Outcome : std::uint8_t {
    unfinished,  ///< it is at work, or was ended from outside and no command has come after it
    succeeded,
    failed,       ///< steps or the program failed, or something was left
    stopped,      ///< on request, after what was in flight
    interrupted,  ///< it was ended from outside; the next command finished what it had in flight
  };

  std::int64_t number = 0;  ///< counts the runs of a scope from 1; given by the store
  std::string command;      ///< "deploy", "destroy"
  std::string program = {};
  std::string user = {};
  std::string host = {};
  Target target = {};
  std::chrono::system_clock::time_point begunAt = {};
  std::optional<std::chrono::system_clock::time_point> endedAt = {};  ///< interrupted: its last commit
  Outcome outcome = Outcome::unfinished;
  Counts planned = {};  ///< as approved
  Counts done = {};     ///< as it ended; zeros where it was interrupted
  bool operator==(const Run&) const = default;
};

/// "unfinished", "succeeded", "failed", "stopped", "interrupted".
const char* name(Run::Outcome outcome);

/// How long one step took that succeeded.
struct Timing {
  std::string type;
  std::string action;  ///< "create", "update", "replace", "delete", "adopt"
  std::chrono::milliseconds took{0};
};

/// How many durations are kept for each type and action; older ones are forgotten.
constexpr std::size_t timingsKept = 20;

/// The latest durations by type and action, oldest first.
using Timings = std::map<std::pair<std::string, std::string>, std::vector<std::chrono::milliseconds>>;

}  // namespace athanor::state
