#pragma once

#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "base/loop.h"
#include "engine/program.h"
#include "program/typescript/clock.h"
#include "program/typescript/engine.h"
#include "program/typescript/failures.h"
#include "program/typescript/modules.h"
#include "program/typescript/program.h"
#include "program/typescript/resources.h"
#include "program/typescript/timers.h"
#include "program/typescript/unknowns.h"
#include "program/typescript/values.h"

namespace athanor::program {

/// What a pass is given by the program that it runs.
struct Surroundings {
  JavaScript::Impl& engine;
  Sources& sources;
  const schema::Catalogue& catalogue;
  Loop& loop;
  const ProgramOptions& options;
  const std::string& file;
};

/// One run of a program: a realm of its own, its jobs, timers and open calls. Everything that reaches
/// JavaScript goes through turn(). Whatever comes after the end finds nobody.
class Pass : public std::enable_shared_from_this<Pass> {
 public:
  static std::shared_ptr<Pass> make(const Surroundings& surroundings, engine::Host& host);
  /// In the realm of `global`.
  Pass(const Surroundings& surroundings, engine::Host& host, JS::HandleObject global);
  ~Pass();
  Pass(const Pass&) = delete;
  Pass& operator=(const Pass&) = delete;

  /// Runs the program from start to end. Throws as engine::Program::run() does.
  static Task<> run(std::shared_ptr<Pass> pass);

  JSContext* context() const { return around_.engine.context; }
  Loop& loop() const { return around_.loop; }
  engine::Host& host() const { return host_; }
  const schema::Catalogue& catalogue() const { return around_.catalogue; }
  const ProgramOptions& options() const { return around_.options; }
  const std::string& file() const { return around_.file; }
  std::size_t heapBytes() const { return around_.engine.heapBytes; }
  Clock& clock() { return clock_; }
  Failures& failures() { return failures_; }
  Modules& modules() { return modules_; }
  Timers& timers() { return timers_; }
  Unknowns& unknowns() { return unknowns_; }
  Values& values() { return values_; }
  Resources& resources() { return resources_; }
  const std::optional<Target>& target() const { return target_; }

  /// Runs `work` in the realm, then the jobs it left, then looks whether the program has ended. `work` may
  /// throw Thrown. Not from inside JavaScript.
  void turn(const std::function<void()>& work);
  using Work = std::move_only_function<void(Pass&)>;
  /// Runs `work` in a turn of its own, soon, unless the pass has ended by then.
  void later(Work work);
  /// Runs `work` in a turn of its own; where `needed`, not before the deployment's target is known.
  void whenTargetKnown(bool needed, Work work);
  /// Counts as work that the program still waits for until the token is gone.
  std::shared_ptr<void> busy();

  /// Ends the pass; what throws Thrown next cannot be caught by the program.
  void end();
  void end(Error error);

  // What the engine tells of this pass's JavaScript:
  bool enqueue(JS::HandleObject job, JS::HandleObject allocationSite);
  void rejection(JS::HandleObject promise, bool handled);
  bool mayGoOn();  ///< the interrupt callback: false ends what runs

  /// An `await` of a promise stands at `place`.
  void awaits(SourcePlace place);
  /// 64 random bits: the same in the same order in both passes.
  std::uint64_t randomBits() { return random_(); }
  /// Where JavaScript stands, as far as the program goes.
  SourcePlace place() const;
  /// The exports of a module of ours.
  JS::Value exportsOf(const std::string& name);
  /// Runs a script of ours (embedded.h), which is a function expression, and gives what the function gives.
  JS::Value runScript(const char* name, std::string_view source, const JS::HandleValueArray& arguments);
  /// Calls one of the functions that the prelude gave.
  JSObject* callPrelude(const char* name, const JS::HandleValueArray& arguments);

 private:
  class Entry;
  static Task<> askTarget(std::weak_ptr<Pass> weak, Task<Target> question);
  void createRealm();
  void start();
  void drainJobs();
  void lookAtEnd();
  void lookAtRejections();
  /// Whatever is pending in JavaScript ends the pass.
  void uncaught();
  Error stalled();

  Surroundings around_;
  engine::Host& host_;
  Clock clock_;
  JS::PersistentRootedObject global_, prelude_, mainPromise_;
  JS::PersistentRootedObjectVector jobs_, sites_;
  std::size_t nextJob_ = 0;
  std::vector<std::unique_ptr<JS::PersistentRootedObject>> rejections_;
  Failures failures_;
  Modules modules_;
  Timers timers_;
  Unknowns unknowns_;
  Values values_;
  Resources resources_;
  std::optional<Target> target_;
  std::optional<std::vector<Work>> waitForTarget_;  ///< set once the host was asked
  std::size_t busy_ = 0;
  struct Earlier {
    bool operator()(const SourcePlace& a, const SourcePlace& b) const {
      return std::tie(a.file, a.line, a.column) < std::tie(b.file, b.line, b.column);
    }
  };
  std::map<SourcePlace, std::uint64_t, Earlier> awaits_;  ///< when each place was last awaited at
  std::uint64_t lastAwait_ = 0;
  std::mt19937_64 random_;
  bool ended_ = false;
  std::optional<Error> error_;
  Later<> over_;
};

}  // namespace athanor::program
