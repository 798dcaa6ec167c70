#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/history_text.h"

namespace athanor::cli {

int historyCommand(const Surroundings& around) {
  StateAccess access(around);
  const auto scope = access.scope();
  const auto runs = access.store().runs(scope, around.arguments.limit);
  if (around.arguments.json)
    around.console.json(historyJson(scope, runs));
  else
    around.console.out(historyText(runs, around.console.style(), around.directory));
  return exitOk;
}

}  // namespace athanor::cli
