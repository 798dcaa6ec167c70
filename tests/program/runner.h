#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "fake_host.h"
#include "program/typescript/program.h"
#include "support/virtual_loop.h"

namespace athanor::test {

/// The process's JavaScript engine: SpiderMonkey starts once for a process.
program::JavaScript& javascript();
const schema::Catalogue& catalogue();

/// A program in a folder of its own, and a loop with a virtual clock to run it on.
class Runner {
 public:
  Runner();
  ~Runner();

  /// Writes a file beside the program.
  void write(const std::string& name, const std::string& text);
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  /// Runs `text` as main.ts for one pass; gives the error it ended with, or none.
  std::optional<Error> run(FakeHost& host, const std::string& text);
  std::optional<Error> runFile(FakeHost& host, const std::filesystem::path& file);
  /// Runs `text` in a replay and gives what it printed; an error ends the list as "error: …".
  std::vector<std::string> printed(const std::string& text);

  VirtualLoop loop;
  program::ProgramOptions options;

 private:
  std::filesystem::path folder_;
};

}  // namespace athanor::test
