#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>

#include "base/loop.h"
#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/interrupts.h"
#include "engine/deployment.h"
#include "schema/catalogue.h"

namespace athanor::cli {

/// A reporter that also hears of the deployment's bounds. `note` and `stopping` may be called on any thread.
class Reporter : public engine::Reporter {
 public:
  /// The plan is approved and is now applied.
  virtual void begin(const plan::Plan& plan) = 0;
  /// No further step starts, because of an interrupt.
  virtual void stopping() = 0;
  /// Nothing more comes.
  virtual void end() = 0;
  /// True where a failed step said the same already.
  bool told(const Error& error) const { return told_.contains(error.what()); }

 protected:
  std::set<std::string> told_;
};

/// What reporters work with; all of it outlives them.
struct Audience {
  const Console& console;
  const schema::Catalogue& catalogue;
  std::filesystem::path folder;  ///< source places are shown relative to it
};

/// Says nothing but what the program says and what fails.
std::unique_ptr<Reporter> quietReporter(Audience audience);
/// For commands that deploy nothing: the same, and, unless --quiet, notes on the standard error. With --json
/// the program's console goes there too.
std::unique_ptr<Reporter> notesReporter(Audience audience, const Arguments& arguments);
/// A line for each thing that happens.
std::unique_ptr<Reporter> plainReporter(Audience audience);
/// What runs and what waits, redrawn in place below the lines of what is done.
std::unique_ptr<Reporter> liveReporter(Audience audience, Interrupts& interrupts);
/// A JSON object a line (docs/cli.md); the program's console goes to the standard error.
std::unique_ptr<Reporter> jsonReporter(Audience audience);

}  // namespace athanor::cli
