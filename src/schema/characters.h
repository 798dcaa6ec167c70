#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace athanor::schema {

/// The characters of UTF-8 text; a byte that is none counts as one.
std::wstring wide(std::string_view text);
std::size_t countCharacters(std::string_view text);

}  // namespace athanor::schema
