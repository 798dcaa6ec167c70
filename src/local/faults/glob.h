#pragma once

#include <string_view>

namespace athanor::local {

/// True where all of `text` fits `pattern`: "*" stands for any characters, "?" for one.
bool globMatches(std::string_view pattern, std::string_view text);

}  // namespace athanor::local
