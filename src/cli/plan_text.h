#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/style.h"
#include "plan/plan.h"
#include "schema/type.h"

namespace athanor::cli {

/// What rendering a plan needs to know of the place it is shown in.
struct PlanLook {
  Style style;
  std::filesystem::path folder;  ///< source places below it are shown relative to it
  /// The type of that name, for the casing of created properties; null where it is not known.
  std::function<const schema::Type*(std::string_view)> typeOf;
};

/// A plan for people: a heading, the steps grouped by what they do, and the summary line. Each line is ended.
std::string planText(const plan::Plan& plan, const PlanLook& look);

/// "Plan: 1 to create, 2 to delete, 4 unchanged." or "Nothing to do: 4 resources are as declared."
std::string summaryText(const plan::Plan& plan);

/// The changed properties of one resource, as they stand below its line in a plan. `type` may be null.
std::string changesText(const std::vector<plan::Change>& changes, const schema::Type* type,
                        const Style& style);

/// `place` relative to `folder` where it lies below it: "basic.ts:3:31"; "" where unknown.
std::string placeText(const SourcePlace& place, const std::filesystem::path& folder);

/// The colour that stands for an action, and the sign: + ~ ± - ↓.
Ink inkOf(plan::Action action);
const char* signOf(plan::Action action);

}  // namespace athanor::cli
