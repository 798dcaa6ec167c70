#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/operations.h"
#include "engine/program.h"
#include "engine/session.h"
#include "engine/slots.h"
#include "plan/dependencies.h"

namespace athanor::engine {

/// The second pass: executes the approved plan while the program runs again; each declaration resolves with
/// real outputs when its step is done.
///
/// A certain step, and any create, runs as soon as what it depends on is done. An update or replacement
/// planned after an unknown was handed out waits until the replay declares it. What the replay declares
/// otherwise than planned is planned again, with the values that are now known.
class Replay final : public Host {
 public:
  Replay(Session& session, Operations& operations, const plan::Plan& approved);

  bool previewing() const override { return false; }
  Task<Outputs> declare(Declaration declaration) override;
  Task<Outputs> get(std::string type, std::string identifier, Options options, SourcePlace source) override;
  Task<Target> target() override;
  void mistake(Error mistake) override { throw Error(std::move(mistake)); }
  void secret(const Json& value) override { session_.redaction.add(value); }
  void needed(const std::string& reference, SourcePlace source) override;
  void print(bool error, const std::string& text) override;
  std::uint64_t seed() const override { return session_.settings.seed; }
  std::int64_t startTime() const override;

  /// There is no program: the plan's own declarations are all there are.
  void declareAll();
  /// Starts the steps that may run before they are declared.
  void start();
  /// The program has ended, normally or not: waits for what runs, undoes what was created ahead and never
  /// declared, and deletes what the program no longer declares. A program that failed deletes nothing.
  Task<Result> finish(bool normally);

 private:
  enum class State : std::uint8_t { waiting, running, done, failed, notRun, dropped };

  /// One step on its way. It stays at one address until the replay ends.
  struct Node {
    plan::Step step;
    std::optional<plan::Existing> existing = {};  ///< what an adoption takes over
    std::vector<std::string> after = {};          ///< failures that the program knew when it declared it
    Json planProps = {};                          ///< the planned props where they hold references, else null
    bool planned = false;                         ///< the approved plan had it
    bool declared = false;
    bool ahead = false;    ///< it was started before the replay declared it
    bool spawned = false;  ///< run() is on its way
    State state = State::waiting;
    bool gettingReady = false;  ///< it waits for what the plan says that it depends on
    Later<> mayStart = {};      ///< it runs ahead, or the replay declared it, or ended
    Later<> settled = {};       ///< it has ended; `error` says how
    std::exception_ptr error = {};
  };

  bool unselected(const Declaration& declaration, const std::vector<std::string>& dependsOn);
  Outputs asRecorded(const Declaration& declaration);
  Node& nodeFor(const Declaration& declaration);
  bool mayRunAhead(const Node& node) const;
  Task<> run(Node* node);
  Task<> runSteps(Node* node);
  Task<> getReady(Node* node);
  Task<bool> awaitDependencies(Node* node);
  Task<> refine(Node* node);
  Task<> execute(Node* node);
  Task<Resource> perform(Node* node, Resource intended);
  Task<Slots::Slot> turnOf(const std::string& id);
  Task<Resource> adopt(Node* node, Resource intended);
  Task<> makeWay(Node* node, Resource going);
  Task<> release(plan::Release release);
  Task<> settleLate(Node* node, Declaration declaration, std::vector<std::string> dependsOn);
  Resource intendedFor(const Node& node, const Target& target) const;
  void reportUnplanned(const std::string& id) const;
  void reportUndeclared() const;
  Error dependencyFailed(const Node& node) const;
  bool approvedFor(const std::string& id, std::int64_t generation) const;
  bool deletionApproved(const Resource& resource) const;
  Task<> removeUndeclared(Result* result);
  Task<> removeOne(const Resource* resource, std::vector<Later<>> before, Result* result, Later<> done,
                   std::set<std::string>* stuck);
  void tally(Result& result) const;

  Session& session_;
  Operations& operations_;
  Slots slots_;
  plan::KnownNames names_;
  std::map<std::string, std::unique_ptr<Node>> nodes_;
  std::vector<Node*> order_;
  /// Generations that the plan showed as going, and whether they are deleted or replaced.
  std::map<std::pair<std::string, std::int64_t>, plan::Action> approved_;
  bool whole_;  ///< the approved plan holds all that its preview would have declared
  std::optional<plan::Dependents> dependents_;  ///< as recorded when first asked for
  std::set<std::string> released_;              ///< ids deleted so that another can be replaced
  std::map<std::string, Slots> turns_;          ///< one operation a resource at a time
  std::set<std::string> undecided_;             ///< ids whose deletion the program decides
  std::vector<std::string> told_;               ///< ids whose failure the program was told
  std::set<std::string> unselected_;            ///< ids that are left as they are
  bool partial_;                                ///< only what was selected is done
  bool short_ = false;                          ///< the program needed what was not selected
  bool over_ = false;                           ///< the program has ended
  bool normally_ = false;                       ///< … without an error
};

}  // namespace athanor::engine
