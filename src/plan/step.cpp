#include "plan/step.h"

#include <algorithm>

#include "plan/ignored.h"
#include "schema/casing.h"
#include "schema/compare.h"

namespace athanor::plan {

namespace {

/// A reference that stood there before, to a producer that keeps its values, is no change.
bool stillTheSame(const schema::Difference& difference, const Evidence& evidence) {
  if (!hasUnknown(difference.after)) return false;
  const Json::json_pointer at(difference.pointer);
  const auto& recorded = evidence.recorded->props;
  if (!recorded.contains(at) || recorded[at] != difference.after) return false;
  return std::ranges::none_of(references(difference.after), evidence.willChange);
}

Change toChange(const schema::Type& type, const schema::Difference& difference,
                const std::vector<std::string>& secrets, bool drift) {
  return {.path = schema::camelPath(*type.root, difference.pointer),
          .before = difference.before,
          .after = difference.after,
          .replaces = difference.createOnly && !drift,
          .sensitive = difference.writeOnly || isSecret(difference.pointer, secrets),
          .drift = drift};
}

/// What the program changed, then what something else changed in the live resource. A create-only property
/// cannot have been changed by anyone: where it reads differently, the service only writes it in another
/// form.
std::vector<Change> changes(const schema::Type& type, const Declaration& declaration,
                            const Evidence& evidence) {
  std::vector<Change> out;
  const auto& recorded = *evidence.recorded;
  auto secrets = declaration.secrets;
  secrets.insert(secrets.end(), recorded.secrets.begin(), recorded.secrets.end());
  // Most declarations are as they were, to the letter: those need no look at the schema.
  const auto differences = recorded.resolved() == declaration.props
                               ? std::vector<schema::Difference>{}
                               : schema::compare(type, recorded.resolved(), declaration.props);
  for (const auto& difference : differences)
    if (!ignores(declaration.options, difference.pointer) && !stillTheSame(difference, evidence))
      out.push_back(toChange(type, difference, secrets, false));
  if (evidence.live != Evidence::Live::present) return out;
  for (const auto& difference : schema::drift(type, evidence.sent, evidence.liveProps)) {
    if (difference.createOnly || ignores(declaration.options, difference.pointer)) continue;
    auto change = toChange(type, difference, secrets, true);
    std::swap(change.before, change.after);
    if (std::ranges::none_of(out, [&](const Change& known) { return known.path == change.path; }))
      out.push_back(std::move(change));
  }
  return out;
}

std::vector<Change> optionChanges(const Options& before, const Options& after) {
  std::vector<Change> out;
  const auto old = toJson(before), now = toJson(after);
  for (const auto& key :
       {"protect", "retain", "emptyOnDelete", "dependsOn", "ignoreChanges", "timeout", "profile"}) {
    const auto was = old.contains(key) ? old[key] : Json(), is = now.contains(key) ? now[key] : Json();
    if (was != is) out.push_back({.path = std::string("options.") + key, .before = was, .after = is});
  }
  return out;
}

/// What the declaration makes of a resource that it takes over. Throws where it cannot.
std::vector<Change> takeoverChanges(const schema::Type& type, const Declaration& declaration,
                                    const Evidence& evidence) {
  std::vector<Change> out;
  for (const auto& difference : schema::drift(type, evidence.sent, evidence.existing->properties)) {
    if (ignores(declaration.options, difference.pointer)) continue;
    auto change = toChange(type, difference, declaration.secrets, false);
    std::swap(change.before, change.after);
    if (change.replaces)
      throw Error(ErrorCode::refused, "it cannot be adopted: " + change.path + " of " +
                                          evidence.existing->identifier + " is " +
                                          (change.sensitive ? "another" : change.before.dump()) +
                                          ", which cannot be changed in place")
          .of(declaration.id)
          .at(declaration.source)
          .in(change.path)
          .next("declare " + change.path + " as it is, or do not adopt");
    out.push_back(std::move(change));
  }
  return out;
}

/// Why a recorded resource must be replaced whatever its props say; "" where it need not be.
std::string replacedBecause(const Declaration& declaration, const Evidence& evidence) {
  const auto& recorded = *evidence.recorded;
  if (recorded.type != declaration.type)
    return "its type changed from " + recorded.type + " to " + declaration.type;
  if (!(recorded.target == evidence.target))
    return "it moves from " + toString(recorded.target) + " to " + toString(evidence.target);
  if (recorded.status == Resource::Status::tainted) return "its creation did not finish";
  return evidence.forced;
}

}  // namespace

Step planStep(const schema::Type& type, Declaration declaration, const Evidence& evidence) {
  Step step{.id = declaration.id, .type = declaration.type, .source = declaration.source};
  const auto* recorded = evidence.recorded;
  if (!recorded && evidence.existing) {
    step.action = Action::adopt;
    step.adopts = evidence.existing->identifier;
    step.changes = takeoverChanges(type, declaration, evidence);
  } else if (!recorded) {
    step.action = Action::create;
  } else {
    step.generation = recorded->generation;
    const auto reason = replacedBecause(declaration, evidence);
    if (evidence.live == Evidence::Live::gone && recorded->type == declaration.type) {
      step.action = Action::create;
      step.reasons.push_back("it no longer exists");
    } else if (!reason.empty()) {
      step.action = Action::replace;
      step.reasons.push_back(reason);
      if (recorded->type == declaration.type) step.changes = changes(type, declaration, evidence);
    } else {
      step.changes = changes(type, declaration, evidence);
      for (const auto& change : step.changes)
        if (change.replaces) step.reasons.push_back(change.path + " cannot be changed in place");
      for (auto& change : optionChanges(recorded->options, declaration.options))
        step.changes.push_back(std::move(change));
      step.action = !step.reasons.empty()   ? Action::replace
                    : !step.changes.empty() ? Action::update
                                            : Action::keep;
    }
  }
  step.declaration = std::move(declaration);
  return step;
}

bool isSecret(const std::string& pointer, const std::vector<std::string>& secrets) {
  return std::ranges::any_of(
      secrets, [&](const std::string& secret) { return within(pointer, secret) || within(secret, pointer); });
}

Step planDelete(const Resource& recorded, std::string reason) {
  return {.id = recorded.id,
          .type = recorded.type,
          .action = Action::remove,
          .reasons = {std::move(reason)},
          .dependsOn = {},
          .source = recorded.source,
          .generation = recorded.generation,
          .empties = recorded.options.emptyOnDelete && !recorded.options.retain};
}

}  // namespace athanor::plan
