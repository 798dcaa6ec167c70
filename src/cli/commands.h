#pragma once

#include "cli/compose.h"

namespace athanor::cli {

// Each runs one command and gives its exit status (cli/exit_status.h); it throws what it cannot do.

int planCommand(const Surroundings& around);
int deployCommand(const Surroundings& around);  ///< destroy as well
int applyCommand(const Surroundings& around);
int driftCommand(const Surroundings& around);
int graphCommand(const Surroundings& around);
int historyCommand(const Surroundings& around);
int importCommand(const Surroundings& around);
int localCommand(const Surroundings& around);
int coverageCommand(const Surroundings& around);  ///< this and the next four: of `athanor local`
int statusCommand(const Surroundings& around);
int requestsCommand(const Surroundings& around);
int resetCommand(const Surroundings& around);
int trustCommand(const Surroundings& around);
int recordingsCommand(const Surroundings& around);
int eventsCommand(const Surroundings& around);  ///< of `athanor local`
int schemaCommand(const Surroundings& around);
int stateCommand(const Surroundings& around);  ///< stages as well
int versionCommand(const Surroundings& around);

}  // namespace athanor::cli
