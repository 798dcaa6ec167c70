#include "plan/plan.h"

namespace athanor::plan {

const char* name(Action action) {
  switch (action) {
    case Action::create:
      return "create";
    case Action::update:
      return "update";
    case Action::replace:
      return "replace";
    case Action::remove:
      return "delete";
    case Action::adopt:
      return "adopt";
    case Action::keep:
      return "keep";
  }
  return "keep";
}

const char* name(Order order) { return order == Order::createFirst ? "create-first" : "delete-first"; }

Summary Plan::summary() const {
  Summary sum;
  for (const auto& step : steps) switch (step.action) {
      case Action::create:
        ++sum.create;
        break;
      case Action::update:
        ++sum.update;
        break;
      case Action::replace:
        ++sum.replace;
        break;
      case Action::remove:
        ++sum.remove;
        break;
      case Action::adopt:
        ++sum.adopt;
        break;
      case Action::keep:
        ++sum.keep;
        break;
    }
  return sum;
}

namespace {

Json toJson(const Change& change) {
  Json json = {{"path", change.path}};
  json["old"] = change.sensitive ? Json("(sensitive)") : change.before;
  json["new"] = change.sensitive ? Json("(sensitive)") : change.after;
  if (change.replaces) json["replaces"] = true;
  if (change.drift) json["drift"] = true;
  return json;
}

Json toJson(const Step& step) {
  Json changes = Json::array();
  for (const auto& change : step.changes) changes.push_back(toJson(change));
  Json json = {{"id", step.id},
               {"type", step.type},
               {"action", name(step.action)},
               {"reasons", step.reasons},
               {"changes", std::move(changes)},
               {"dependsOn", step.dependsOn},
               {"source", {{"file", step.source.file}, {"line", step.source.line}}}};
  if (step.action == Action::adopt) json["identifier"] = step.adopts;
  if (step.empties) json["empties"] = true;
  if (step.action == Action::replace) {
    json["order"] = name(step.order);
    json["referredBy"] = step.referredBy;
    json["interruptions"] = step.interruptions;
  }
  return json;
}

}  // namespace

Json toJson(const Plan& plan) {
  Json steps = Json::array();
  for (const auto& step : plan.steps) steps.push_back(toJson(step));
  const auto sum = plan.summary();
  Json json = {{"format", 1},
               {"app", plan.app},
               {"stage", plan.stage},
               {"target", athanor::toJson(plan.target)},
               {"steps", std::move(steps)},
               {"summary",
                {{"create", sum.create},
                 {"update", sum.update},
                 {"replace", sum.replace},
                 {"delete", sum.remove},
                 {"adopt", sum.adopt},
                 {"keep", sum.keep}}}};
  if (!plan.endedEarly.empty())
    json["endedEarly"] = {{"reason", plan.endedEarly},
                          {"source", {{"file", plan.endedAt.file}, {"line", plan.endedAt.line}}}};
  for (const auto& step : plan.undecided) json["undecided"].push_back(toJson(step));
  if (plan.unchecked) json["unchecked"] = true;
  if (plan.predicted) json["predictedSeconds"] = std::chrono::duration<double>(*plan.predicted).count();
  if (!plan.unselected.empty()) json["unselected"] = plan.unselected;
  return json;
}

}  // namespace athanor::plan
