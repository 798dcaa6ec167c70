#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/deployment.h"
#include "engine/history.h"
#include "engine/journal.h"
#include "engine/live.h"
#include "engine/records.h"
#include "schema/compare.h"

namespace athanor::engine {

/// How one recorded resource stands to what is live.
struct Finding {
  enum class State : std::uint8_t { inSync, changed, gone, notComparable };

  /// One property that reads otherwise than it is recorded.
  struct Change {
    std::string pointer;  ///< a JSON pointer in AWS's casing
    Json recorded;        ///< null = absent
    Json live;            ///< null = absent
    bool sensitive = false;
  };

  Resource resource;
  State state = State::inSync;
  std::string reason = {};               ///< why it is not comparable, in a sentence without a full stop
  std::vector<Change> changes = {};      ///< where it has changed
  std::vector<std::string> untold = {};  ///< JSON pointers of what was sent and the live answer does not tell
  Json live = {};                        ///< its live model; null where there is none
};

/// "inSync", "changed", "gone", "notComparable".
const char* name(Finding::State state);

/// What became of everything that is recorded in a scope, in the order in which it was recorded.
struct DriftReport {
  state::Scope scope;
  Target target;
  std::vector<Finding> findings = {};

  std::size_t count(Finding::State state) const;
  /// True where something changed or has gone; what is not comparable is no drift.
  bool drifted() const;
};

/// Compares what is recorded of one scope with what is live, and records what is live where that is wanted.
/// `drift` calls read() alone; `drift --accept` begin(), read(), accept().
class Drift {
 public:
  Drift(Context context, Settings settings);
  Drift(const Drift&) = delete;
  Drift& operator=(const Drift&) = delete;
  ~Drift();

  /// Takes the scope's lock, after what an interrupted deployment left in the journal is finished.
  Task<> begin();
  /// Reads the live state of every recorded resource, many at once. What cannot be read is not comparable,
  /// with the reason. Throws Error(notFound) where nothing was ever recorded, Error(refused) where the
  /// command is aimed at another target, Error(unreachable) and Error(credentials).
  Task<DriftReport> read();
  /// Records what is live as what is deployed: outputs, and the props whose live values differ, so that a
  /// deployment of the unchanged program shows them as what it would change back. What has gone is forgotten.
  /// One transaction. What cannot be compared stays as it is recorded. `report` outlives the task.
  Task<> accept(const DriftReport* report);

 private:
  Task<> makeReady();
  Task<> open();
  Task<DriftReport> readAll();
  Task<> recordLive(const DriftReport* report);
  Task<Finding> look(Resource recorded);
  Finding compare(Resource recorded, const schema::Type& type, Json live) const;
  void hideSecrets(DriftReport& report);

  Context context_;
  Settings settings_;
  History history_;
  Redaction redaction_;
  Target target_ = {};
  Records records_;
  LiveState live_;
  std::unique_ptr<Journal> journal_;
  std::map<std::string, std::string> undecided_;  ///< ids whose interrupted operation is still open
};

}  // namespace athanor::engine
