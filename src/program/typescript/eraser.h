#pragma once

#include <string>
#include <vector>

#include "base/error.h"

namespace athanor::program {

/// TypeScript without its types: the same text with spaces where types stood, so that every line and column
/// of what stays is the same. An import that is used only in types goes too. Throws Error(program) with place
/// and source line for what does not parse, and for what would have to be generated (enums, namespaces,
/// parameter properties, decorators, `import x = require()`), with what to write instead.
std::string eraseTypes(const std::string& source, const std::string& file);

/// The extent of an expression: from its first character to just behind its last.
struct Extent {
  SourcePlace begin, end;
};

/// The top-level `await`s of a module (TypeScript or JavaScript), in the order of the text.
std::vector<Extent> topLevelAwaits(const std::string& source, const std::string& file);

}  // namespace athanor::program
