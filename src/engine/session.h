#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>

#include "engine/deployment.h"
#include "engine/live.h"
#include "engine/records.h"
#include "engine/redaction.h"
#include "plan/replacement.h"
#include "plan/step.h"

namespace athanor::engine {

/// What both passes of one deployment work with.
struct Session {
  const Context& context;
  const Settings& settings;
  Redaction& redaction;
  Records records;
  LiveState live;
  Target target = {};
  /// When the deployment began: the time that the program sees, in both passes.
  std::chrono::system_clock::time_point started = {};
  bool stopped = false;
  /// While nobody has been asked anything: the target and what is live are taken to be as recorded.
  struct Assumption {
    bool active = false;
    bool usedTarget = false;  ///< the program asked for the target
    bool broken = false;      ///< something was needed that only asking tells, or an answer was another
  } assumed = {};
  /// Records that the program gave other ids; they are renamed in `records`, and not yet in the store.
  struct Renames {
    std::vector<plan::Key> gone;
    std::set<plan::Key> changed;
  } renames = {};
  /// Ids whose interrupted operation is not decided yet, and the refusal of whatever else is asked for them.
  std::map<std::string, Error> blocked = {};
};

/// The error of a command that is aimed at another target than a scope with resources.
Error otherTarget(const state::ScopeInfo& info, const Target& target);

/// The target of a declaration: the session's, or that of its own region and profile.
Task<Target> targetOf(Session* session, Options options);

/// Who depends on whom in what is recorded now.
plan::Dependents dependentsOf(const Records& records);

/// What plan::releases() looks things up in; for as long as both live.
plan::Recorded lookUp(const Session& session, const plan::Dependents& dependents);

/// What is recorded and live of a declaration's resource, and where the declaration belongs.
/// Both outlive the task.
Task<plan::Evidence> evidenceFor(Session* session, const Declaration* declaration);

/// Gives the record of `from`, which the store still has, the id `to`.
void rename(Session& session, const std::string& from, const std::string& to);

/// Refuses to touch an id whose interrupted operation is not decided yet; `source` is of what would do it.
void refuseIfBlocked(const Session& session, const std::string& id, const SourcePlace& source);

/// Refuses a step that would delete or replace a protected resource, or one that is to be retained where the
/// old one has to make way for the new one.
void refuseIfKept(const plan::Step& step, const Session& session);

}  // namespace athanor::engine
