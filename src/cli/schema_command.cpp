#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/state_text.h"
#include "schema/describe.h"
#include "state/folder.h"

namespace athanor::cli {

namespace {

/// "AWS::IVS::Channel", "ivs.channel" and "IVS::Channel" as the catalogue's own name; "" where there is none.
std::string fullName(const schema::Catalogue& catalogue, const std::string& given) {
  if (catalogue.find(given)) return given;
  std::vector<std::string> words(1);
  for (const char c : given) {
    if (c != ':' && c != '.')
      words.back() += c;
    else if (!words.back().empty())
      words.emplace_back();
  }
  if (words.size() == 3) words.erase(words.begin());  // "AWS"
  if (words.size() != 2) return "";
  const auto* type = catalogue.find(words[0], words[1]);
  return type ? type->name : "";
}

Error unknownType(const schema::Catalogue& catalogue, const std::string& given) {
  Error error(ErrorCode::notFound, fmt::format("AWS has no resource type {}", given));
  const auto near = catalogue.nearest(given);
  if (near.empty()) return std::move(error).next("`athanor schema search WORD` finds types by a word.");
  return std::move(error).next(fmt::format("Did you mean {}?", fmt::join(near, " or ")));
}

void show(const Surroundings& around, const schema::Catalogue& catalogue) {
  const auto name = fullName(catalogue, around.arguments.subject);
  if (name.empty()) throw unknownType(catalogue, around.arguments.subject);
  const auto& type = *catalogue.documented(name);
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
