#pragma once

#include <set>
#include <string>

#include "plan/plan.h"

namespace athanor::plan {

/// Which steps of a plan are to be done.
struct Selection {
  std::set<std::string> targets;   ///< these ids and what they need; empty = all
  std::set<std::string> excluded;  ///< but not these ids, nor what needs them
  bool all() const { return targets.empty() && excluded.empty(); }
};

/// The plan without the changes that are not selected; their ids are put into `unselected`. A step needs the
/// steps that it depends on; a replacement also needs those of what refers to the old generation. Throws
/// Error(usage) for an id that the plan does not have, unless the preview ended before it could be declared,
/// or that is both wanted and left out.
Plan select(Plan plan, const Selection& selection);

}  // namespace athanor::plan
