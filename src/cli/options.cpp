#include "cli/options.h"

#include <fmt/format.h>

namespace athanor::cli {

std::string footer(std::string_view examples) {
  return fmt::format(
      "Example:\n{}\n\nExit status: 0 all is well, 1 something failed or was refused, 130 interrupted.\n",
      examples);
}

CLI::App* command(CLI::App& in, Arguments& out, Verb verb, const char* name, const char* what,
                  std::string_view examples) {
  auto* made = in.add_subcommand(name, what);
  made->footer(footer(examples));
  made->final_callback([&out, verb, made] {
    if (made->get_subcommands().empty()) out.verb = verb;
  });
  return made;
}

void addJson(CLI::App& to, Arguments& out) {
  to.add_flag("--json", out.json, "Write JSON for programs to read");
}

}  // namespace athanor::cli
