#pragma once

#include <filesystem>
#include <string>

#include "base/json.h"
#include "cli/plan_text.h"
#include "engine/drift.h"

namespace athanor::cli {

/// What became of everything recorded, for people: a heading, the resources grouped by how they stand, and a
/// line that sums up. Each line is ended.
std::string driftText(const engine::DriftReport& report, const PlanLook& look);

/// "Drift: 1 changed, 1 gone, 4 in sync." or "No drift: 4 resources are as recorded."
std::string driftSummary(const engine::DriftReport& report);

/// The documented JSON form ("format": 1) of `athanor drift --json`.
Json driftJson(const engine::DriftReport& report, const PlanLook& look, bool accepted);

}  // namespace athanor::cli
