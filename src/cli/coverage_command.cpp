#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/state_text.h"
#include "cli/type_name.h"
#include "local/admin/coverage.h"
#include "schema/names.h"

namespace athanor::cli {

namespace {

using local::admin::ServiceCoverage;
using local::admin::TypeCoverage;
using Types = std::vector<TypeCoverage>;

/// "AWS::IVS" of "AWS::IVS::Channel".
std::string groupOf(const std::string& type) { return type.substr(0, type.rfind("::")); }

/// True where `word` means the group: "ivs" and "AWS::IVS" mean AWS::IVS.
bool means(const std::string& word, const std::string& group) {
  return schema::equalLoosely(word, group) ||
         schema::equalLoosely(word, std::string_view(group).substr(group.find("::") + 2));
}

Json toJson(const TypeCoverage& type) {
  Json out = {{"type", type.name},
              {"served", type.served()},
              {"behaviour", !type.served() ? "none"
                            : type.behaves ? "own"
                                           : "schema"}};
  if (!type.served()) out["reason"] = type.notDeployable;
  return out;
}

Json toJson(const std::vector<ServiceCoverage>& services, const Types& types) {
  Json out = {{"services", Json::array()}, {"types", Json::array()}};
  for (const auto& one : services)
    out["services"].push_back({{"service", one.name}, {"title", one.title}, {"operations", one.served}});
  for (const auto& one : types) out["types"].push_back(toJson(one));
  return out;
}

std::string servicesText(const std::vector<ServiceCoverage>& services) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& one : services)
    rows.push_back({std::string(one.title), count(one.served.size(), "operation"),
                    fmt::format("{}", fmt::join(one.served, ", "))});
  return tableText(rows);
}

std::size_t among(const Types& types, bool (*is)(const TypeCoverage&)) {
  return static_cast<std::size_t>(std::ranges::count_if(types, is));
}

bool served(const TypeCoverage& type) { return type.served(); }
bool behaves(const TypeCoverage& type) { return type.served() && type.behaves; }

/// The types that `is` is true of, by their group: a row for each.
std::string groupedText(const Types& types, bool (*is)(const TypeCoverage&)) {
  std::map<std::string, std::vector<std::string>> groups;
  for (const auto& one : types)
    if (is(one)) groups[groupOf(one.name)].push_back(one.name.substr(one.name.rfind(':') + 1));
  std::vector<std::vector<std::string>> rows;
  for (const auto& [group, names] : groups)
    rows.push_back({"  " + group, fmt::format("{}", fmt::join(names, ", "))});
  return tableText(rows);
}

/// How many types are not served, by the reason.
std::string reasonsText(const Types& types) {
  std::map<std::string, std::size_t> reasons;
  for (const auto& one : types)
    if (!one.served()) ++reasons[one.notDeployable];
  std::vector<std::vector<std::string>> rows;
  for (const auto& [reason, many] : reasons) rows.push_back({fmt::format("  {:>5}", many), reason});
  return tableText(rows);
}

std::string wholeText(const std::vector<ServiceCoverage>& services, const Types& types) {
  return fmt::format(
      "Services, all at one endpoint; every other is answered with an error:\n\n{}\n"
      "Resource types in Cloud Control: {} of {}. {} keep to their schema, and {} also behave as their "
      "service "
      "does:\n\n{}\n{} are not served:\n\n{}\n"
      "`athanor local coverage SERVICE` lists a service's types, `… TYPE` tells of one.\n",
      servicesText(services), among(types, served), types.size(),
      among(types, served) - among(types, behaves), among(types, behaves), groupedText(types, behaves),
      types.size() - among(types, served), reasonsText(types));
}

std::string typeText(const TypeCoverage& type) {
  if (!type.served()) return fmt::format("not served: {}", type.notDeployable);
  return type.behaves ? "behaves as its service does" : "keeps to its schema";
}

std::string typesText(const Types& types) {
  std::vector<std::vector<std::string>> rows;
  rows.reserve(types.size());
  for (const auto& one : types) rows.push_back({one.name, typeText(one)});
  return tableText(rows);
}

/// What of everything is meant by SERVICE or TYPE.
void select(const std::string& subject, const schema::Catalogue& catalogue,
            std::vector<ServiceCoverage>& services, Types& types) {
  auto all = local::admin::coverageOfAll(catalogue);
  std::erase_if(services, [&](const auto& one) { return !schema::equalLoosely(subject, one.name); });
  for (const auto& one : all)
    if (means(subject, groupOf(one.name))) types.push_back(one);
  if (services.empty() && types.empty())
    types.push_back(local::admin::coverageOf(typeNamed(catalogue, subject)));
}

}  // namespace

int coverageCommand(const Surroundings& around) {
  const auto& subject = around.arguments.subject;
  const auto catalogue = openCatalogue(placeOf(around.arguments, around.directory).folder);
  auto services = local::admin::servedServices();
  Types types;
  if (subject.empty())
    types = local::admin::coverageOfAll(*catalogue);
  else
    select(subject, *catalogue, services, types);
  if (around.arguments.json)
    around.console.json(toJson(services, types));
  else if (subject.empty())
    around.console.out(wholeText(services, types));
  else
    around.console.out(servicesText(services) + (services.empty() || types.empty() ? "" : "\n") +
                       typesText(types));
  return exitOk;
}

}  // namespace athanor::cli
