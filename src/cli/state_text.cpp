#include "cli/state_text.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "base/time_text.h"
#include "cli/plan_text.h"
#include "cli/value_text.h"

namespace athanor::cli {

std::string tableText(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns(row[i]));
  }
  std::string out;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i)
      line += row[i] + std::string(widths[i] - columns(row[i]) + 2, ' ');
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

namespace {
std::string statusText(const Resource& resource) {
  switch (resource.status) {
    case Resource::Status::created:
      return "";
    case Resource::Status::tainted:
      return "tainted: its creation failed, it will be replaced";
    case Resource::Status::leaving:
      return "leaving: an old one, still to be deleted";
  }
  return "";
}

void section(std::string& out, const char* title, const Json& values, const Style& style) {
  if (values.empty()) return;
  out += paint(style, Ink::strong, title) + "\n" + indent(valueLines(values), "  ");
}
}  // namespace

std::string resourcesText(const std::vector<Resource>& resources) {
  if (resources.empty()) return "Nothing is deployed.\n";
  std::vector<std::vector<std::string>> rows;
  for (const auto& resource : resources)
    rows.push_back({printable(resource.id), printable(resource.type), printable(resource.identifier),
                    statusText(resource)});
  return tableText(rows);
}

std::string resourceText(const Resource& resource, const Style& style, const std::filesystem::path& folder) {
  std::vector<std::vector<std::string>> rows = {{"type", resource.type},
                                                {"identifier", resource.identifier},
                                                {"target", toString(resource.target)},
                                                {"generation", fmt::format("{}", resource.generation)}};
  if (const auto status = statusText(resource); !status.empty()) rows.push_back({"status", status});
  if (resource.source.known()) rows.push_back({"declared at", placeText(resource.source, folder)});
  if (!resource.dependsOn.empty())
    rows.push_back({"depends on", fmt::format("{}", fmt::join(resource.dependsOn, ", "))});
  for (auto& row : rows) row[1] = printable(row[1]);
  auto out = paint(style, Ink::strong, printable(resource.id)) + "\n" + indent(tableText(rows), "  ");
  section(out, "props", resource.props, style);
  section(out, "outputs", resource.outputs, style);
  section(out, "options", toJson(resource.options), style);
  return out;
}

std::string stagesText(const std::vector<state::ScopeInfo>& scopes) {
  if (scopes.empty()) return "Nothing was deployed from here.\n";
  std::vector<std::vector<std::string>> rows;
  for (const auto& info : scopes)
    rows.push_back({printable(info.scope.app), printable(info.scope.stage), count(info.resources, "resource"),
                    toString(info.target), isoTime(info.updatedAt)});
  return tableText(rows);
}

}  // namespace athanor::cli
