#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/drift_text.h"
#include "cli/exit_status.h"
#include "cli/reporters.h"
#include "cli/settings.h"

namespace athanor::cli {

namespace {

using engine::DriftReport;

bool news(const DriftReport& report, engine::Finding::State state) { return report.count(state) > 0; }

/// Asks whether what is live is to be recorded; throws where nobody can be asked.
bool approved(const Surroundings& around, const DriftReport& report) {
  const auto& arguments = around.arguments;
  if (arguments.yes) return true;
  if (arguments.json || !around.console.asks())
    throw Error(ErrorCode::usage,
                fmt::format("drift --accept asks before it records anything, and there is {}",
                            arguments.json ? "nobody to ask with --json" : "no terminal to ask on"))
        .next("Pass --yes to go ahead, or look at what has drifted without --accept.");
  const auto gone = report.count(engine::Finding::State::gone);
  const auto answer =
      around.console.ask(gone == 0 ? "Record what is live? [y/N] "
                                   : fmt::format("Record what is live, and forget {} that {} gone? [y/N] ",
                                                 count(gone, "resource"), gone == 1 ? "is" : "are"));
  return answer == "y" || answer == "Y" || answer == "yes";
}

std::string acceptedText(const DriftReport& report) {
  std::vector<std::string> parts;
  if (news(report, engine::Finding::State::changed))
    parts.push_back(fmt::format("{} recorded as live", report.count(engine::Finding::State::changed)));
  if (news(report, engine::Finding::State::gone))
    parts.push_back(fmt::format("{} forgotten", report.count(engine::Finding::State::gone)));
  return fmt::format("Accepted: {}.\n", fmt::join(parts, ", "));
}

}  // namespace

int driftCommand(const Surroundings& around) {
  const auto& arguments = around.arguments;
  const auto& console = around.console;
  Workshop workshop(around);
  const auto reporter = notesReporter({console, workshop.catalogue(), around.directory}, arguments);
  workshop.notesTo([&reporter](const std::string& text) { reporter->note(text); });
  auto settings = settingsOf(arguments, workshop.place());
  settings.command = arguments.accept ? "drift --accept" : "drift";
  engine::Drift drift(
      {workshop.loop(), workshop.catalogue(), workshop.store(), workshop.providers(), *reporter},
      std::move(settings));
  if (arguments.accept) runTask(workshop.loop(), drift.begin());
  const auto report = runTask(workshop.loop(), drift.read());
  const PlanLook look{console.style(), around.directory,
                      [&workshop](std::string_view type) { return workshop.catalogue().find(type); }};
  const bool asks = arguments.accept && report.drifted() && !arguments.yes && console.asks();
  if (!arguments.json && (!arguments.quiet || report.drifted() || asks)) console.out(driftText(report, look));
  bool accepted = false;
  if (arguments.accept && report.drifted()) {
    accepted = approved(around, report);
    if (!accepted) {
      console.out("Nothing was recorded.\n");
      return exitFailed;
    }
  }
  if (arguments.accept) runTask(workshop.loop(), drift.accept(&report));
  if (arguments.json)
    console.json(driftJson(report, look, accepted));
  else if (accepted && !arguments.quiet)
    console.out(acceptedText(report));
  workshop.notesTo(nullptr);
  return arguments.detailedExitcode && report.drifted() && !accepted ? exitChanges : exitOk;
}

}  // namespace athanor::cli
