#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "program/typescript/engine.h"

namespace athanor::program {

/// One module of a program.
struct Source {
  std::string name;  ///< its absolute path, or the name of a module of ours ("alchemy/aws/control")
  std::string text;  ///< as the user wrote it
  RefPtr<JS::Stencil> compiled;
  bool mentionsTarget = false;  ///< it may read AWS.accountId, AWS.region or AWS.partition
};

/// The modules of one program, each read, erased and compiled once.
class Sources {
 public:
  /// The module that `specifier` means in the file `importer`. Throws Error(program) that names both where
  /// there is none.
  static std::string resolve(const std::string& specifier, const std::string& importer);
  static bool isOurs(std::string_view name);

  /// The compiled module `name` (a result of resolve()). Throws Error(program) where it cannot be read or
  /// does not parse as TypeScript, and Thrown where JavaScript refuses it.
  const Source& load(JSContext* cx, const std::string& name);
  /// A module that was loaded; null for any other name.
  const Source* find(const std::string& name) const;

 private:
  std::map<std::string, Source> sources_;
};

}  // namespace athanor::program
