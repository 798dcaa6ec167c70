#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "base/json.h"
#include "cli/style.h"
#include "plan/plan.h"
#include "state/store.h"

namespace athanor::cli {

/// The history of a scope for people, newest first: a row for each run with when it began, its command, how
/// it ended, how long it took, what it changed, who ran it and which program. Each line is ended.
std::string historyText(const std::vector<state::Run>& runs, const Style& style,
                        const std::filesystem::path& folder);

/// {"app", "stage", "runs": [{"number", "command", "program", "user", "host", "target", "begunAt", "endedAt",
/// "seconds", "outcome", "planned", "done"}]}; "endedAt" and "seconds" are absent of an unfinished run.
Json historyJson(const state::Scope& scope, const std::vector<state::Run>& runs);

/// "About 40 s, going by earlier deployments." as a line; "" where nothing is predicted or it is less than a
/// second.
std::string predictedText(const plan::Plan& plan, const Style& style);

/// A duration of a second or more as roughly as it can be known: "4 s", "40 s", "12 min", "1 h 20 min".
std::string roughly(std::chrono::milliseconds duration);

}  // namespace athanor::cli
