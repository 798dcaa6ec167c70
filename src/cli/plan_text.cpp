#include "cli/plan_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/reference.h"
#include "cli/history_text.h"
#include "cli/value_text.h"
#include "schema/casing.h"

namespace athanor::cli {

using plan::Action;

namespace {

/// One line, or several, about a property of a step.
struct Row {
  std::string path;
  std::string value;   ///< on one line
  std::string blocks;  ///< the same over several lines, for what does not fit; "" where it is one line anyway
  std::string remark;
};

constexpr auto hidden = "(sensitive)";

/// The shape of the property that "a.b[2].c" names; null where it is not known.
const schema::Shape* shapeAt(const schema::Shape* shape, std::string_view path) {
  while (shape && !path.empty()) {
    if (path.starts_with('[')) {
      shape = shape->element;
      path.remove_prefix(std::min(path.find(']'), path.size() - 1) + 1);
    } else {
      if (path.starts_with('.')) path.remove_prefix(1);
      const auto name = path.substr(0, path.find_first_of(".["));
      const auto* property = shape->kind == schema::Kind::object ? shape->find(name) : nullptr;
      shape = property ? property->shape : shape->element;
      path.remove_prefix(name.size());
    }
  }
  return shape;
}

/// A value in the casing that programs use.
Json cased(const schema::Shape* shape, const Json& value) {
  return shape && value.is_structured() && !isUnknown(value) ? schema::camel(*shape, value) : value;
}

/// The properties of a resource that is made: one row a value, objects opened.
void addRows(std::vector<Row>& rows, const std::string& path, const schema::Shape* shape, const Json& value,
             bool sensitive) {
  const bool object = value.is_object() && !value.empty() && !isUnknown(value);
  if (sensitive || isHidden(value)) {
    rows.push_back({path, hidden, "", ""});
  } else if (!object || (shape && shape->kind != schema::Kind::object)) {
    const auto shown = cased(shape, value);
    rows.push_back({path, valueText(shown),
                    shown.is_structured() && !isUnknown(shown) ? indent(valueLines(shown), "  ") : "", ""});
  } else {
    for (const auto& [key, member] : value.items()) {
      const auto* property = shape ? shape->find(key) : nullptr;
      const auto name = property ? schema::camelCase(property->name) : key;
      addRows(rows, path.empty() ? name : path + "." + name, property ? property->shape : nullptr, member,
              property && property->writeOnly);
    }
  }
}

/// Two values line by line: "- " what goes, "+ " what comes; what both begin and end with stands once.
std::string difference(const std::string& before, const std::string& after) {
  auto old = linesOf(before), now = linesOf(after);
  std::string head, tail;
  std::size_t same = 0;
  while (same < old.size() && same < now.size() && old[same] == now[same]) ++same;
  for (std::size_t i = 0; i < same; ++i) head += "  " + old[i] + "\n";
  while (old.size() > same && now.size() > same && old.back() == now.back()) {
    tail.insert(0, "  " + old.back() + "\n");
    old.pop_back();
    now.pop_back();
  }
  for (std::size_t i = same; i < old.size(); ++i) head += "- " + old[i] + "\n";
  for (std::size_t i = same; i < now.size(); ++i) head += "+ " + now[i] + "\n";
  return head + tail;
}

Row rowOf(const plan::Change& change, const schema::Shape* root) {
  Row row{.path = printable(change.path),
          .value = "",
          .blocks = "",
          .remark = change.drift ? "was changed outside of the program" : ""};
  if (change.sensitive) {
    row.value = std::string(hidden) + " → " + hidden;
    return row;
  }
  const auto* shape = shapeAt(root, change.path);
  const auto before = cased(shape, change.before), after = cased(shape, change.after);
  row.value = valueText(before) + " → " + valueText(after);
  if (before.is_structured() || after.is_structured())
    row.blocks = difference(valueLines(before), valueLines(after));
  return row;
}

std::vector<Row> rowsOf(const plan::Step& step, const PlanLook& look) {
  std::vector<Row> rows;
  const auto* type = look.typeOf ? look.typeOf(step.type) : nullptr;
  const auto* root = type ? type->root : nullptr;
  if (step.action == Action::create && step.changes.empty() && !step.declaration.props.empty())
    addRows(rows, "", root, withoutSecrets(step.declaration.props, step.declaration.secrets), false);
  for (const auto& change : step.changes) rows.push_back(rowOf(change, root));
  return rows;
}

std::string painted(const Style& style, const std::string& line) {
  if (line.starts_with("- ")) return paint(style, Ink::remove, line);
  if (line.starts_with("+ ")) return paint(style, Ink::create, line);
  return line;
}

std::string rowText(const Row& row, std::size_t pathWidth, const Style& style) {
  const std::string margin(6, ' ');
  const auto remark = row.remark.empty() ? "" : "  " + paint(style, Ink::replace, "(" + row.remark + ")");
  const auto padding = std::string(pathWidth - std::min(pathWidth, columns(row.path)), ' ');
  const auto line = margin + row.path + padding + "  " + row.value;
  if (row.blocks.empty() || columns(line) + columns(remark) <= style.width) return line + remark + "\n";
  auto out = margin + row.path + remark + "\n";
  for (const auto& block : linesOf(row.blocks)) out += margin + "  " + painted(style, block) + "\n";
  return out;
}

std::string rowsText(const std::vector<Row>& rows, const Style& style) {
  std::size_t pathWidth = 0;
  for (const auto& row : rows) pathWidth = std::max(pathWidth, std::min<std::size_t>(columns(row.path), 44));
  std::string out;
  for (const auto& row : rows) out += rowText(row, pathWidth, style);
  return out;
}

/// In which order a replacement goes, who refers to what is replaced, and what is missing meanwhile.
std::vector<std::string> orderLines(const plan::Step& step) {
  std::vector<std::string> lines;
  if (step.order == plan::Order::createFirst)
    lines.emplace_back("the new one is made first, the old one deleted at the end");
  else
    lines.push_back("the old one is deleted before the new one is made: " + step.orderReason);
  if (!step.referredBy.empty())
    lines.push_back(fmt::format("referred to by {}", fmt::join(step.referredBy, ", ")));
  for (const auto& interruption : step.interruptions) lines.push_back("meanwhile " + interruption);
  return lines;
}

std::string stepText(const plan::Step& step, const char* sign, std::size_t idWidth, const PlanLook& look) {
  const auto& style = look.style;
  const auto ink = inkOf(step.action);
  const auto id = printable(step.id);
  auto out = fmt::format("  {} {}{}  {}", paint(style, ink, sign), paint(style, Ink::strong, id),
                         std::string(idWidth - std::min(idWidth, columns(id)), ' '), printable(step.type));
  if (const auto place = placeText(step.source, look.folder); !place.empty())
    out += "  " + paint(style, Ink::faint, printable(place));
  out += "\n";
  for (const auto& reason : step.reasons)
    out += "      " + paint(style, ink, "because " + printable(reason)) + "\n";
  if (!step.adopts.empty()) out += "      takes over " + printable(step.adopts) + "\n";
  if (step.action == Action::replace)
    for (const auto& line : orderLines(step)) out += "      " + printable(line) + "\n";
  if (step.empties)
    out += "      " +
           paint(style, Ink::remove, "all objects in it are deleted too, with all their versions") + "\n";
  return out + rowsText(rowsOf(step, look), style);
}

constexpr std::array<std::pair<Action, const char*>, 5> groups = {{{Action::create, "Create"},
                                                                   {Action::adopt, "Adopt"},
                                                                   {Action::update, "Update"},
                                                                   {Action::replace, "Replace"},
                                                                   {Action::remove, "Delete"}}};

/// Steps under a title; `sign` stands before each.
std::string groupText(const std::vector<const plan::Step*>& steps, const std::string& title, const char* sign,
                      const PlanLook& look) {
  if (steps.empty()) return "";
  std::size_t idWidth = 0;
  for (const auto* step : steps) idWidth = std::max(idWidth, std::min<std::size_t>(columns(step->id), 40));
  auto out = "\n" +
             paint(look.style, inkOf(steps.front()->action), fmt::format("{} {}", title, steps.size())) +
             "\n";
  for (const auto* step : steps) out += stepText(*step, sign, idWidth, look);
  return out;
}

std::string groupsText(const plan::Plan& plan, const PlanLook& look) {
  std::string out;
  std::vector<const plan::Step*> some;
  for (const auto& [action, title] : groups) {
    some.clear();
    for (const auto& step : plan.steps)
      if (step.action == action) some.push_back(&step);
    out += groupText(some, title, signOf(action), look);
  }
  some.clear();
  for (const auto& step : plan.undecided) some.push_back(&step);
  return out + groupText(some, "Decided during the deployment", "?", look);
}

}  // namespace

Ink inkOf(Action action) {
  switch (action) {
    case Action::create:
      return Ink::create;
    case Action::update:
      return Ink::update;
    case Action::replace:
      return Ink::replace;
    case Action::remove:
      return Ink::remove;
    case Action::adopt:
      return Ink::adopt;
    case Action::keep:
      return Ink::faint;
  }
  return Ink::faint;
}

const char* signOf(Action action) {
  switch (action) {
    case Action::create:
      return "+";
    case Action::update:
      return "~";
    case Action::replace:
      return "±";
    case Action::remove:
      return "-";
    case Action::adopt:
      return "↓";
    case Action::keep:
      return "=";
  }
  return "=";
}

std::string changesText(const std::vector<plan::Change>& changes, const schema::Type* type,
                        const Style& style) {
  std::vector<Row> rows;
  for (const auto& change : changes) rows.push_back(rowOf(change, type ? type->root : nullptr));
  return rowsText(rows, style);
}

std::string placeText(const SourcePlace& place, const std::filesystem::path& folder) {
  if (!place.known()) return "";
  auto shown = place;
  const auto relative = std::filesystem::path(place.file).lexically_relative(folder);
  if (!relative.empty() && *relative.begin() != "..") shown.file = relative.string();
  return toString(shown);
}

std::string summaryText(const plan::Plan& plan) {
  const auto sum = plan.summary();
  if (sum.changes() == 0 && plan.endedEarly.empty() && plan.unselected.empty())
    return sum.keep == 0
               ? "Nothing to do: the program declares no resources, and none are deployed."
               : fmt::format("Nothing to do: {} as declared.",
                             sum.keep == 1 ? "1 resource is" : count(sum.keep, "resource") + " are");
  std::vector<std::string> parts;
  const auto add = [&](std::size_t number, const char* what) {
    if (number > 0) parts.push_back(fmt::format("{} {}", number, what));
  };
  add(sum.create, "to create");
  add(sum.adopt, "to adopt");
  add(sum.update, "to update");
  add(sum.replace, "to replace");
  add(sum.remove, "to delete");
  add(sum.keep, "unchanged");
  add(plan.unselected.size(), "not selected");
  add(plan.undecided.size(), "decided during the deployment");
  if (!plan.endedEarly.empty()) parts.emplace_back("the rest decided during the deployment");
  return fmt::format("Plan: {}.", fmt::join(parts, ", "));
}

std::string planText(const plan::Plan& plan, const PlanLook& look) {
  const auto& style = look.style;
  auto out =
      fmt::format("{} {} in {}\n", paint(style, Ink::strong, plan.app), plan.stage, toString(plan.target));
  out += groupsText(plan, look);
  if (!plan.endedEarly.empty()) {
    const auto place = placeText(plan.endedAt, look.folder);
    out += fmt::format(
        "\nThe preview ended{}: {}.\nWhat the program declares after that is decided during the "
        "deployment.\n",
        place.empty() ? "" : " at " + place, printable(plan.endedEarly));
  }
  if (plan.unchecked)
    out +=
        "\nLive state was not read (--no-refresh): changes made outside of the program are not in this "
        "plan.\n";
  return out + "\n" + paint(style, Ink::strong, summaryText(plan)) + "\n" + predictedText(plan, style);
}

}  // namespace athanor::cli
