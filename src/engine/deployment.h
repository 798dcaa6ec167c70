#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/loop.h"
#include "base/task.h"
#include "engine/program.h"
#include "plan/plan.h"
#include "plan/selection.h"
#include "provider/provider.h"
#include "schema/catalogue.h"
#include "state/store.h"

namespace athanor::engine {

/// How a command was asked to deploy.
struct Settings {
  state::Scope scope;
  std::string command = "deploy";    ///< named to those who find the lock held
  bool refresh = true;               ///< read live state
  std::size_t parallel = 64;         ///< steps in flight
  std::chrono::minutes timeout{60};  ///< for one step without a timeout of its own
  bool saving = false;               ///< the plan is to be saved: name the records that it was made against
  plan::Selection selection = {};    ///< which changes are to be done
  bool adopt = false;                ///< every declaration takes over what exists already
  bool allowUnplanned = false;       ///< do deletes and replacements that the approved plan did not show
  std::set<std::string> overrideProtect =
      {};                       ///< ids that may be deleted or replaced though they are protected
  bool replaceProgram = false;  ///< another program may take over this app and stage
  std::uint64_t seed = 0;       ///< of time, random numbers and tokens; the caller draws it
  std::string user = {};        ///< who deploys, for the history
  std::string host = {};        ///< … and on which machine
};

/// Hears what happens while it happens. Called on the loop's thread.
class Reporter {
 public:
  virtual ~Reporter() = default;
  /// A line of the program's console.
  virtual void console(bool error, const std::string& text) = 0;
  /// Something worth a line: recovery, an unplanned difference.
  virtual void note(const std::string& text) = 0;
  /// A step has been sent to its provider.
  virtual void started(const plan::Step& step) = 0;
  virtual void succeeded(const plan::Step& step, const Json& outputs) = 0;
  virtual void failed(const plan::Step& step, const Error& error) = 0;
};

/// How a deployment ended.
struct Result {
  plan::Summary done;  ///< steps that succeeded, by action
  std::size_t failed = 0;
  std::size_t notRun = 0;                   ///< because what they depend on failed, or on request
  std::optional<Error> programError;        ///< the replay ended with this
  std::vector<Resource> left;               ///< destroy: what still stands
  std::vector<std::string> undecided = {};  ///< ids whose interrupted operation could not be finished
  bool ok() const { return failed == 0 && notRun == 0 && !programError && left.empty() && undecided.empty(); }
};

/// What a deployment works with; all of it outlives the deployment.
struct Context {
  Loop& loop;
  const schema::Catalogue& catalogue;
  state::Store& store;
  provider::Providers& providers;
  Reporter& reporter;
};

/// One deployment, or destruction, of one scope from start to end:
/// `plan` calls preview() alone; `deploy` begin(), preview(), apply(); `destroy` begin(), previewDestroy(),
/// apply().
class Deployment {
 public:
  /// `program` may be null for a destroy.
  Deployment(Context context, Settings settings, Program* program);
  ~Deployment();

  /// Takes the lock and finishes what an interrupted deployment left in the journal.
  Task<> begin();
  /// Runs the program without deploying anything. Throws Errors of the program, and an InvalidProgram that
  /// carries every mistake of every declaration.
  Task<plan::Plan> preview();
  Task<plan::Plan> previewDestroy();
  /// After begin(): throws Error(refused) where a saved plan was made for another target, or for other
  /// records than there are by now; what begin() finished of an interrupted run may have made it such a plan
  /// too.
  void refuseOutdated(const plan::Plan& saved) const;
  /// Does what the plan says; never throws for a step that failed. Without a program, and after begin(), a
  /// plan that was saved, of which it asks refuseOutdated() too.
  Task<Result> apply(plan::Plan approved);
  /// Starts no further step; those in flight are waited for.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Finishes what an interrupted deployment left in the journal, under the scope's lock and where it left
/// anything; for commands that are no deployments. `context` and what it names outlive the task.
Task<> finishInterrupted(Context context, Settings settings);

/// All mistakes of a program at once.
class InvalidProgram : public Error {
 public:
  explicit InvalidProgram(std::vector<Error> mistakes);
  const std::vector<Error>& mistakes() const { return mistakes_; }

 private:
  std::vector<Error> mistakes_;
};

}  // namespace athanor::engine
