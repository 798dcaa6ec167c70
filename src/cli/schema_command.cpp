#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/state_text.h"
#include "cli/type_name.h"
#include "schema/describe.h"
#include "state/folder.h"

namespace athanor::cli {

namespace {

void show(const Surroundings& around, const schema::Catalogue& catalogue) {
  const auto& type = *catalogue.documented(typeNamed(catalogue, around.arguments.subject).name);
  around.arguments.json ? around.console.json(schema::describeJson(type))
                        : around.console.out(schema::describe(type));
}

void search(const Surroundings& around, const schema::Catalogue& catalogue) {
  const auto found = schema::search(catalogue, around.arguments.subject);
  if (around.arguments.json) {
    Json rows = Json::array();
    for (const auto& match : found)
      rows.push_back({{"type", match.name}, {"property", match.property}, {"documentation", match.sentence}});
    return around.console.json({{"types", std::move(rows)}});
  }
  std::vector<std::vector<std::string>> rows;
  for (const auto& match : found)
    rows.push_back({match.name, match.property.empty() ? match.sentence : "has " + match.property});
  if (rows.empty()) return around.console.out("Nothing is called so.\n");
  for (const auto& line : linesOf(tableText(rows)))
    around.console.out((around.console.redraws() ? clip(line, around.console.width()) : line) + "\n");
}

void import(const Surroundings& around, const Place& place) {
  const auto source = (around.directory / around.arguments.subject).lexically_normal();
  state::makeFolder(place.folder);
  const auto file = importedSchemas(place.folder);
  const auto types = schema::importInto(source, file);
  if (around.arguments.json)
    around.console.json({{"types", types}, {"file", file.string()}});
  else
    around.console.out(fmt::format("Read {} into {}; they now take precedence here.\n",
                                   count(types, "resource type"), file.string()));
}

}  // namespace

int schemaCommand(const Surroundings& around) {
  const auto place = placeOf(around.arguments, around.directory);
  if (around.arguments.verb == Verb::schemaImport) {
    import(around, place);
    return exitOk;
  }
  const auto catalogue = openCatalogue(place.folder);
  around.arguments.verb == Verb::schemaShow ? show(around, *catalogue) : search(around, *catalogue);
  return exitOk;
}

}  // namespace athanor::cli
