#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>

#include "cli/arguments.h"

namespace athanor::cli {

/// What a command's help ends with: its examples and the exit statuses.
std::string footer(std::string_view examples);

/// Adds a command that sets `out.verb`, unless one of its own commands is given. `out` outlives `in`.
CLI::App* command(CLI::App& in, Arguments& out, Verb verb, const char* name, const char* what,
                  std::string_view examples);

void addJson(CLI::App& to, Arguments& out);

/// `athanor local` and its commands.
void addLocalCommands(CLI::App& app, Arguments& out);
/// True of the verbs that addLocalCommands() adds.
bool ofLocal(Verb verb);

}  // namespace athanor::cli
