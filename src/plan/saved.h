#pragma once

#include "plan/plan.h"

namespace athanor::plan {

/// All of a plan, its secrets included, so that savedFrom() gives it back as it was.
Json toSaved(const Plan& plan);
/// Throws Error(usage) where it is no plan, or one of another version.
Plan savedFrom(const Json& json);

}  // namespace athanor::plan
