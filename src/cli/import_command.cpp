#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/reporters.h"
#include "cli/settings.h"
#include "cli/type_name.h"
#include "cli/typescript_text.h"
#include "engine/import.h"
#include "engine/redaction.h"
#include "schema/casing.h"
#include "schema/writable.h"

namespace athanor::cli {

namespace {

using engine::Imports;

std::vector<std::string> commentsOn(const Imports::One& one, const schema::Type& type) {
  std::vector<std::string> out;
  for (const auto& pointer : one.missing) {
    const auto* property = schema::propertyAt(*type.root, pointer);
    const bool hidden = property && property->writeOnly;
    out.push_back(
        fmt::format("Add {}: it is required, and {}.", schema::camelPath(*type.root, pointer),
                    hidden ? "write-only, so that it cannot be read" : "not in what the service tells"));
  }
  for (const auto& pointer : one.resource.secrets)
    out.push_back(fmt::format("Give {} as `alchemy.secret(…)`: it holds a secret of another resource.",
                              schema::camelPath(*type.root, pointer)));
  for (const auto& problem : one.problems) out.push_back("To be mended: " + problem);
  return out;
}

std::string declarationOf(const Imports::One& one, const schema::Type& type) {
  Json options = Json::object();
  for (const auto& pointer : one.resource.options.ignoreChanges)
    options["ignoreChanges"].push_back(schema::camelPath(*type.root, pointer));
  return typescriptText(
      {.type = type.name,
       .id = one.resource.id,
       .props = schema::camel(*type.root, engine::hidden(one.resource.props, one.resource.secrets)),
       .options = std::move(options),
       .comments = commentsOn(one, type)});
}

/// docs/adoption.md tells the words.
Json reportJson(const Imports& imports, const schema::Type& type, bool recorded) {
  Json resources = Json::array(), known = Json::array();
  for (const auto& one : imports.found) {
    Json missing = Json::array();
    for (const auto& pointer : one.missing) missing.push_back(schema::camelPath(*type.root, pointer));
    resources.push_back({{"id", one.resource.id},
                         {"type", type.name},
                         {"identifier", one.resource.identifier},
                         {"declaration", declarationOf(one, type)},
                         {"missing", std::move(missing)},
                         {"problems", one.problems}});
  }
  for (const auto& one : imports.known) known.push_back({{"id", one.id}, {"identifier", one.identifier}});
  return {{"format", 1},
          {"app", imports.scope.app},
          {"stage", imports.scope.stage},
          {"target", toJson(imports.target)},
          {"recorded", recorded},
          {"resources", std::move(resources)},
          {"known", std::move(known)},
          {"notes", imports.notes}};
}

/// "Recorded 2 resources in basic dev; 1 was recorded already."
std::string summaryOf(const Imports& imports, bool recorded) {
  std::string before;
  if (!imports.known.empty())
    before = fmt::format("; {} {} recorded already", imports.known.size(),
                         imports.known.size() == 1 ? "was" : "were");
  if (imports.found.empty()) return fmt::format("Nothing to import{}.\n", before);
  return fmt::format("{} {} in {} {}{}.\n", recorded ? "Recorded" : "Would record",
                     count(imports.found.size(), "resource"), imports.scope.app, imports.scope.stage, before);
}

Imports found(Workshop& workshop, engine::Import& import, const Arguments& arguments,
              const schema::Type& type) {
  return runTask(workshop.loop(),
                 arguments.all ? import.all(&type) : import.one(&type, arguments.identifier, arguments.id));
}

}  // namespace

int importCommand(const Surroundings& around) {
  const auto& arguments = around.arguments;
  const auto& console = around.console;
  Workshop workshop(around);
  const auto& type = typeNamed(workshop.catalogue(), arguments.type);
  const auto reporter = notesReporter({console, workshop.catalogue(), around.directory}, arguments);
  workshop.notesTo([&reporter](const std::string& text) { reporter->note(text); });
  auto settings = settingsOf(arguments, workshop.place());
  settings.command = "import";
  engine::Import import(
      {workshop.loop(), workshop.catalogue(), workshop.store(), workshop.providers(), *reporter},
      std::move(settings));
  if (!arguments.dryRun) runTask(workshop.loop(), import.begin());
  const auto imports = found(workshop, import, arguments, type);
  if (!arguments.dryRun) runTask(workshop.loop(), import.record(imports));
  workshop.notesTo(nullptr);
  for (const auto& note : imports.notes) reporter->note(note);
  if (arguments.json) {
    console.json(reportJson(imports, type, !arguments.dryRun));
  } else {
    std::string text;
    for (const auto& one : imports.found) text += (text.empty() ? "" : "\n") + declarationOf(one, type);
    console.out(text);
    if (!arguments.quiet) console.err(summaryOf(imports, !arguments.dryRun));
  }
  return imports.notes.empty() ? exitOk : exitFailed;
}

}  // namespace athanor::cli
