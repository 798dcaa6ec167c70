#pragma once

#include <string>
#include <vector>

namespace athanor::cli {

/// Runs one command line, without the program's own name; gives the exit status (cli/exit_status.h).
int run(const std::vector<std::string>& words);

}  // namespace athanor::cli
