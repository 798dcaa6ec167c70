#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/loop.h"
#include "engine/program.h"
#include "program/typescript/javascript.h"
#include "schema/catalogue.h"

namespace athanor::program {

/// What a TypeScript program sees of its surroundings, and how long it may keep them waiting.
struct ProgramOptions {
  std::map<std::string, std::string> environment;  ///< `process.env`
  std::vector<std::string> arguments;              ///< `process.argv` after the program's own path
  std::filesystem::path directory;                 ///< `process.cwd()`; empty = the process's own
  std::string stage;                               ///< `stage` of what `alchemy(name)` gives
  /// How long JavaScript may run without coming back to the event loop.
  std::chrono::milliseconds uninterrupted{10'000};
};

/// The program in a `.ts`, `.mts`, `.js` or `.mjs` file. Its sources are read and compiled once, so both
/// passes of a deployment run the same text. `javascript`, `catalogue` and `loop` must outlive it.
std::unique_ptr<engine::Program> typescriptProgram(JavaScript& javascript, const std::filesystem::path& file,
                                                   const schema::Catalogue& catalogue, Loop& loop,
                                                   ProgramOptions options = {});

}  // namespace athanor::program
