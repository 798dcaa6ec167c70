#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace athanor {

/// Two lower-case digits for each byte.
std::string hex(std::string_view bytes);
/// The bytes of text that hex() gave.
std::string unhex(std::string_view text);

/// True of text that hex() could have given of so many bytes.
bool isHex(std::string_view text, std::size_t bytes);

}  // namespace athanor
