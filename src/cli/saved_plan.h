#pragma once

#include <filesystem>

#include "cli/compose.h"
#include "plan/plan.h"

namespace athanor::cli {

/// A plan that was saved, and how the command that saved it was aimed.
struct SavedPlan {
  plan::Plan plan;
  std::filesystem::path localData;  ///< with --local, the AWS's data folder; else empty
  bool allowLossy = false;
};

/// Saves a plan, sealed with the key of its program's `.athanor`. Throws Error(refused) where the plan is not
/// the whole one or an interrupted operation is still open, Error(state) where it cannot be written.
void savePlan(const plan::Plan& plan, const std::filesystem::path& file, const Surroundings& around,
              Workshop& workshop);

/// Reads it back. Throws Error(notFound), Error(usage) where the file is no plan or one of another version,
/// Error(state) where it is damaged or its key is not at hand.
SavedPlan readPlan(const std::filesystem::path& file, const aws::Environment& environment);

/// The arguments of the command that saved the plan, as far as `arguments`, of `athanor apply`, leave them
/// out.
Arguments aimedAs(const SavedPlan& saved, Arguments arguments);

}  // namespace athanor::cli
