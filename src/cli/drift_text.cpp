#include "cli/drift_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/value_text.h"
#include "schema/casing.h"

namespace athanor::cli {

using State = engine::Finding::State;

namespace {

struct Group {
  State state;
  const char* title;
  const char* summary;
  const char* sign;
  Ink ink;
};
constexpr std::array<Group, 4> groups = {
    {{State::changed, "Changed", "changed", "~", Ink::update},
     {State::gone, "Gone", "gone", "-", Ink::remove},
     {State::notComparable, "Not comparable", "not comparable", "?", Ink::replace},
     {State::inSync, "In sync", "in sync", "=", Ink::faint}}};

std::string pathOf(const schema::Type* type, const std::string& pointer) {
  return type ? schema::camelPath(*type->root, pointer) : pointer;
}

std::vector<plan::Change> changesOf(const engine::Finding& finding, const schema::Type* type) {
  std::vector<plan::Change> out;
  for (const auto& change : finding.changes)
    out.push_back({.path = pathOf(type, change.pointer),
                   .before = change.recorded,
                   .after = change.live,
                   .sensitive = change.sensitive});
  return out;
}

std::string findingText(const engine::Finding& finding, const Group& group, std::size_t idWidth,
                        const PlanLook& look) {
  const auto& style = look.style;
  const auto& resource = finding.resource;
  const auto id = printable(resource.id);
  auto out =
      fmt::format("  {} {}{}  {}", paint(style, group.ink, group.sign), paint(style, Ink::strong, id),
                  std::string(idWidth - std::min(idWidth, columns(id)), ' '), printable(resource.type));
  if (group.state != State::inSync) out += "  " + paint(style, Ink::faint, printable(resource.identifier));
  out += "\n";
  if (!finding.reason.empty())
    out += "      " + paint(style, group.ink, "because " + printable(finding.reason)) + "\n";
  const auto* type = look.typeOf ? look.typeOf(resource.type) : nullptr;
  return out + changesText(changesOf(finding, type), type, style);
}

std::string groupText(const engine::DriftReport& report, const Group& group, const PlanLook& look) {
  std::string rows;
  std::size_t idWidth = 0;
  for (const auto& finding : report.findings)
    if (finding.state == group.state)
      idWidth = std::max(idWidth, std::min<std::size_t>(columns(finding.resource.id), 40));
  for (const auto& finding : report.findings)
    if (finding.state == group.state) rows += findingText(finding, group, idWidth, look);
  if (rows.empty()) return "";
  return "\n" + paint(look.style, group.ink, fmt::format("{} {}", group.title, report.count(group.state))) +
         "\n" + rows;
}

/// A value in the casing that programs use.
Json cased(const schema::Type* type, const std::string& pointer, const Json& value) {
  if (!type || !value.is_structured()) return value;
  const schema::Shape* shape = type->root;
  std::size_t begin = 1;
  while (shape && begin <= pointer.size()) {
    const auto end = std::min(pointer.find('/', begin), pointer.size());
    const auto* property =
        shape->kind == schema::Kind::object ? shape->find(pointer.substr(begin, end - begin)) : nullptr;
    shape = property ? property->shape : shape->element;
    begin = end + 1;
  }
  return shape ? schema::camel(*shape, value) : value;
}

Json findingJson(const engine::Finding& finding, const schema::Type* type) {
  const auto& resource = finding.resource;
  Json out = {{"id", resource.id},
              {"type", resource.type},
              {"identifier", resource.identifier},
              {"state", engine::name(finding.state)}};
  if (!finding.reason.empty()) out["reason"] = finding.reason;
  for (const auto& change : finding.changes) {
    const auto shown = [&](const Json& value) {
      return change.sensitive && !value.is_null() ? Json("(sensitive)") : cased(type, change.pointer, value);
    };
    out["changes"].push_back({{"path", pathOf(type, change.pointer)},
                              {"recorded", shown(change.recorded)},
                              {"live", shown(change.live)}});
  }
  for (const auto& pointer : finding.untold) out["notCompared"].push_back(pathOf(type, pointer));
  return out;
}

}  // namespace

std::string driftSummary(const engine::DriftReport& report) {
  if (report.findings.empty()) return "No drift: nothing is deployed.";
  const auto same = report.count(State::inSync);
  if (same == report.findings.size())
    return fmt::format("No drift: {} as recorded.",
                       same == 1 ? "1 resource is" : count(same, "resource") + " are");
  std::vector<std::string> parts;
  for (const auto& group : groups)
    if (const auto number = report.count(group.state))
      parts.push_back(fmt::format("{} {}", number, group.summary));
  return fmt::format("{}: {}.", report.drifted() ? "Drift" : "No drift", fmt::join(parts, ", "));
}

std::string driftText(const engine::DriftReport& report, const PlanLook& look) {
  const auto& style = look.style;
  auto out = fmt::format("{} {} in {}\n", paint(style, Ink::strong, report.scope.app), report.scope.stage,
                         toString(report.target));
  for (const auto& group : groups) out += groupText(report, group, look);
  return out + "\n" + paint(style, Ink::strong, driftSummary(report)) + "\n";
}

Json driftJson(const engine::DriftReport& report, const PlanLook& look, bool accepted) {
  Json resources = Json::array();
  for (const auto& finding : report.findings)
    resources.push_back(findingJson(finding, look.typeOf ? look.typeOf(finding.resource.type) : nullptr));
  Json summary = Json::object();
  for (const auto& group : groups) summary[engine::name(group.state)] = report.count(group.state);
  return {{"format", 1},
          {"app", report.scope.app},
          {"stage", report.scope.stage},
          {"target", toJson(report.target)},
          {"resources", std::move(resources)},
          {"summary", std::move(summary)},
          {"accepted", accepted}};
}

}  // namespace athanor::cli
