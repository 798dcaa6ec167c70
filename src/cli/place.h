#pragma once

#include <filesystem>
#include <string>

#include "cli/arguments.h"

namespace athanor::cli {

/// Where a command works.
struct Place {
  std::filesystem::path directory;  ///< the working folder
  std::filesystem::path program;    ///< absolute and normalised; empty where none was named or found
  std::filesystem::path folder;     ///< `.athanor` of the program, or of the working folder
  std::string app;                  ///< "" where nothing names it
};

/// The program that is meant, what its app is called and where its `.athanor` lies. The program itself need
/// not exist. Throws Error(usage) for an app that a path gives no name to.
Place placeOf(const Arguments& arguments, const std::filesystem::path& directory);

/// The app's name of a program: its file's stem, or its folder's name for `athanor.*` and `alchemy.run.*`. ""
/// where the folder has no name.
std::string appOf(const std::filesystem::path& program);

}  // namespace athanor::cli
