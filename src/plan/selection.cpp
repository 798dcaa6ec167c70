#include "plan/selection.h"

#include <functional>
#include <map>
#include <vector>

#include "base/error.h"

namespace athanor::plan {

namespace {

using Edges = std::map<std::string, std::vector<std::string>>;

/// What each id needs, and the reverse.
struct Needs {
  Edges of, by;
  void add(const std::string& id, const std::string& needed) {
    of[id].push_back(needed);
    by[needed].push_back(id);
  }
};

Needs needsOf(const Plan& plan) {
  Needs needs;
  for (const auto& step : plan.steps) {
    for (const auto& id : step.dependsOn) needs.add(step.id, id);
    // Those that a replaced resource lets wait are replaced or moved with it, and so are part of it.
    for (const auto& id : step.referredBy) needs.add(step.id, id);
  }
  return needs;
}

std::set<std::string> closure(const std::set<std::string>& from, const Edges& edges) {
  std::set<std::string> seen;
  std::vector<std::string> open(from.begin(), from.end());
  while (!open.empty()) {
    auto id = std::move(open.back());
    open.pop_back();
    if (!seen.insert(id).second) continue;
    if (const auto found = edges.find(id); found != edges.end())
      open.insert(open.end(), found->second.begin(), found->second.end());
  }
  return seen;
}

void refuseUnknown(const Plan& plan, const std::set<std::string>& ids, const char* flag) {
  if (!plan.endedEarly.empty()) return;
  std::set<std::string> known;
  for (const auto* steps : {&plan.steps, &plan.undecided})
    for (const auto& step : *steps) known.insert(step.id);
  for (const auto& id : ids)
    if (!known.contains(id))
      throw Error(ErrorCode::usage, std::string(flag) + " names \"" + id +
                                        "\", which the program does not declare and nothing is recorded of")
          .next("`athanor plan --json` lists every id");
}

}  // namespace

Plan select(Plan plan, const Selection& selection) {
  if (selection.all()) return plan;
  refuseUnknown(plan, selection.targets, "--target");
  refuseUnknown(plan, selection.excluded, "--exclude");
  const auto needs = needsOf(plan);
  const auto wanted = closure(selection.targets, needs.of);
  const auto left = closure(selection.excluded, needs.by);
  for (const auto& id : selection.targets)
    if (left.contains(id))
      throw Error(ErrorCode::usage, "\"" + id + "\" is wanted by --target and left out by --exclude");
  std::erase_if(plan.steps, [&](const Step& step) {
    if (step.action == Action::keep) return false;
    const bool done = (selection.targets.empty() || wanted.contains(step.id)) && !left.contains(step.id);
    if (!done) plan.unselected.push_back(step.id);
    return !done;
  });
  return plan;
}

}  // namespace athanor::plan
