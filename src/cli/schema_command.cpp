#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "state/folder.h"

namespace athanor::cli {

namespace {

int import(const Surroundings& around, const Place& place) {
  const auto source = (around.directory / around.arguments.subject).lexically_normal();
  state::makeFolder(place.folder);
  const auto file = importedSchemas(place.folder);
  const auto types = schema::importInto(source, file);
  if (around.arguments.json)
    around.console.json({{"types", types}, {"file", file.string()}});
  else
    around.console.out(fmt::format("Read {} from {}; they now take precedence in {}.\n",
                                   count(types, "resource type"), source.string(), file.string()));
  return exitOk;
}

}  // namespace

int schemaCommand(const Surroundings& around) {
  const auto place = placeOf(around.arguments, around.directory);
  if (around.arguments.verb == Verb::schemaImport) return import(around, place);
  const auto catalogue = openCatalogue(place.folder);
  return exitOk;
}

}  // namespace athanor::cli
