#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/graph.h"
#include "cli/reporters.h"
#include "cli/settings.h"
#include "cli/svg.h"

namespace athanor::cli {

namespace {

Graph recorded(const Surroundings& around) {
  StateAccess access(around);
  const auto scope = access.scope();
  return graphOf(access.store().resources(scope, state::Secrets::sealed), scope.app + " " + scope.stage);
}

Graph planned(const Surroundings& around) {
  Workshop workshop(around);
  const auto reporter =
      notesReporter({around.console, workshop.catalogue(), around.directory}, around.arguments);
  workshop.notesTo([&reporter](const std::string& text) { reporter->note(text); });
  engine::Deployment deployment(
      {workshop.loop(), workshop.catalogue(), workshop.store(), workshop.providers(), *reporter},
      settingsOf(around.arguments, workshop.place()), &workshop.program());
  auto graph = graphOf(runTask(workshop.loop(), deployment.preview()));
  workshop.notesTo(nullptr);
  return graph;
}

}  // namespace

int graphCommand(const Surroundings& around) {
  const auto dot = dotText(around.arguments.subject.empty() ? recorded(around) : planned(around));
  around.console.out(around.arguments.svg ? svgOf(dot, moduleFolder()) : dot);
  return exitOk;
}

}  // namespace athanor::cli
