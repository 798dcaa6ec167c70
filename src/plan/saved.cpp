#include "plan/saved.h"

#include <array>

#include "base/error.h"

namespace athanor::plan {

namespace {

constexpr int format = 1;
constexpr std::array actions = {Action::create, Action::update, Action::replace,
                                Action::remove, Action::adopt,  Action::keep};

Action actionOf(const std::string& text) {
  for (const auto action : actions)
    if (text == name(action)) return action;
  throw Error(ErrorCode::usage, "this is no saved plan: it has no action \"" + text + "\"");
}

Json saved(const SourcePlace& place) {
  return {{"file", place.file}, {"line", place.line}, {"column", place.column}};
}
SourcePlace placeFrom(const Json& json) {
  return {stringAt(json, "file"), json.value("line", 0), json.value("column", 0)};
}

Json saved(const Change& change) {
  return {{"path", change.path},         {"before", change.before},       {"after", change.after},
          {"replaces", change.replaces}, {"sensitive", change.sensitive}, {"drift", change.drift}};
}
Change changeFrom(const Json& json) {
  return {.path = json.at("path"),
          .before = json.at("before"),
          .after = json.at("after"),
          .replaces = json.at("replaces"),
          .sensitive = json.at("sensitive"),
          .drift = json.at("drift")};
}

/// How the resource came by its id is not recorded, but a plan has to say it.
Json saved(const Declaration& declaration) {
  return {{"props", declaration.props},
          {"options", toJson(declaration.options)},
          {"adopt", declaration.options.adopt},
          {"identifier", declaration.options.identifier},
          {"renamedFrom", declaration.options.renamedFrom},
          {"secrets", declaration.secrets}};
}
Declaration declarationFrom(const Step& step, const Json& json) {
  Declaration out{.type = step.type,
                  .id = step.id,
                  .props = json.at("props"),
                  .options = optionsFrom(json.at("options")),
                  .source = step.source};
  out.options.adopt = json.at("adopt");
  out.options.identifier = json.at("identifier");
  out.options.renamedFrom = json.at("renamedFrom");
  out.secrets = json.at("secrets");
  return out;
}

Json saved(const Step& step) {
  Json changes = Json::array();
  for (const auto& change : step.changes) changes.push_back(saved(change));
  return {{"id", step.id},
          {"type", step.type},
          {"action", name(step.action)},
          {"reasons", step.reasons},
          {"changes", std::move(changes)},
          {"dependsOn", step.dependsOn},
          {"source", saved(step.source)},
          {"declaration", saved(step.declaration)},
          {"generation", step.generation},
          {"empties", step.empties},
          {"adopts", step.adopts},
          {"deleteFirst", step.order == Order::deleteFirst},
          {"orderReason", step.orderReason},
          {"referredBy", step.referredBy},
          {"interruptions", step.interruptions}};
}
Step stepFrom(const Json& json) {
  Step step{.id = json.at("id"),
            .type = json.at("type"),
            .action = actionOf(json.at("action")),
            .reasons = json.at("reasons"),
            .dependsOn = json.at("dependsOn"),
            .source = placeFrom(json.at("source"))};
  for (const auto& change : json.at("changes")) step.changes.push_back(changeFrom(change));
  step.declaration = declarationFrom(step, json.at("declaration"));
  step.generation = json.at("generation");
  step.empties = json.value("empties", false);
  step.adopts = json.at("adopts");
  step.order = json.at("deleteFirst") ? Order::deleteFirst : Order::createFirst;
  step.orderReason = json.at("orderReason");
  step.referredBy = json.at("referredBy");
  step.interruptions = json.at("interruptions");
  return step;
}

}  // namespace

Json toSaved(const Plan& plan) {
  Json steps = Json::array();
  for (const auto& step : plan.steps) steps.push_back(saved(step));
  return {{"format", format},
          {"app", plan.app},
          {"stage", plan.stage},
          {"target", toJson(plan.target)},
          {"steps", std::move(steps)},
          {"unchecked", plan.unchecked},
          {"unselected", plan.unselected},
          {"program", plan.program},
          {"stateVersion", plan.stateVersion}};
}

Plan savedFrom(const Json& json) try {
  if (json.at("format") != format)
    throw Error(ErrorCode::usage, "this plan was saved by another version of athanor").next("plan again");
  Plan plan{.app = json.at("app"),
            .stage = json.at("stage"),
            .target = targetFrom(json.at("target")),
            .endedEarly = {},
            .endedAt = {},
            .unchecked = json.at("unchecked")};
  for (const auto& step : json.at("steps")) plan.steps.push_back(stepFrom(step));
  plan.unselected = json.at("unselected");
  plan.program = json.at("program");
  plan.stateVersion = json.at("stateVersion");
  return plan;
} catch (const Json::exception&) {
  throw Error(ErrorCode::usage, "this is no saved plan, or a damaged one");
}

}  // namespace athanor::plan
