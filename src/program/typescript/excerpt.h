#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace athanor::program {

/// Where a byte of `source` stands: line from 1, column from 1 in UTF-16 units, as JavaScript counts them.
SourcePlace placeOf(std::string_view source, std::size_t offset, std::string file);

/// The line of `source` at `place` with its number and a caret under the column, or "" where there is no such
/// line. A very long line is cut around the caret.
std::string excerpt(std::string_view source, const SourcePlace& place);

}  // namespace athanor::program
