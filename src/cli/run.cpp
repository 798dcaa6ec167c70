#include "cli/run.h"

#include <csignal>
#include <cstdlib>

#include "cli/commands.h"
#include "cli/error_text.h"
#include "cli/exit_status.h"

namespace athanor::cli {

namespace {

int dispatch(const Surroundings& around) {
  switch (around.arguments.verb) {
    case Verb::plan:
      return planCommand(around);
    case Verb::deploy:
    case Verb::destroy:
      return deployCommand(around);
    case Verb::apply:
      return applyCommand(around);
    case Verb::drift:
      return driftCommand(around);
    case Verb::importResource:
      return importCommand(around);
    case Verb::local:
      return localCommand(around);
    case Verb::localCoverage:
      return coverageCommand(around);
    case Verb::localStatus:
      return statusCommand(around);
    case Verb::localRequests:
      return requestsCommand(around);
    case Verb::localEvents:
      return eventsCommand(around);
    case Verb::recordings:
      return recordingsCommand(around);
    case Verb::localReset:
      return resetCommand(around);
    case Verb::localTrust:
      return trustCommand(around);
    case Verb::schemaShow:
    case Verb::schemaSearch:
    case Verb::schemaImport:
      return schemaCommand(around);
    case Verb::stateList:
    case Verb::stateShow:
    case Verb::stateExport:
    case Verb::stateMove:
    case Verb::stages:
      return stateCommand(around);
    case Verb::history:
      return historyCommand(around);
    case Verb::graph:
      return graphCommand(around);
    case Verb::version:
      return versionCommand(around);
  }
  return exitFailed;
}

/// The folder that commands speak of; "" where it was deleted.
std::filesystem::path workingFolder() {
  std::error_code failed;
  return std::filesystem::current_path(failed);
}

int tell(const std::exception& error, const Console& console, bool json) {
  if (json) console.json({{"event", "error"}, {"error", errorJson(error)}});
  console.err(errorText(error, console.errorStyle(), workingFolder()));
  return exitFailed;
}

}  // namespace

int run(const std::vector<std::string>& words) {
  std::signal(SIGPIPE, SIG_IGN);  // a reader that left does not stop a deployment
  const bool json = wantsJson(words);
  Console plain(true);
  try {
    const auto environment = aws::Environment::system();
    const auto parsed = parse(words, environment);
    if (const auto* help = std::get_if<Help>(&parsed)) {
      plain.out(help->text);
      return exitOk;
    }
    const auto& arguments = std::get<Arguments>(parsed);
    const Console console(arguments.colour);
    try {
      Interrupts interrupts;
      return dispatch({arguments, console, environment, interrupts, workingFolder()});
    } catch (const std::exception& error) {
      return tell(error, console, json);
    }
  } catch (const std::exception& error) {
    return tell(error, plain, json);
  }
}

int versionCommand(const Surroundings& around) {
  if (around.arguments.json)
    around.console.json({{"version", ATHANOR_VERSION}});
  else
    around.console.out("athanor " ATHANOR_VERSION "\n");
  return exitOk;
}

}  // namespace athanor::cli
