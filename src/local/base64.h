#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace athanor::local {

/// RFC 4648, section 4.
std::string base64(std::string_view bytes);
/// The bytes of text that base64() gave; none for text that is empty or none of base64.
std::optional<std::string> unbase64(std::string_view text);

}  // namespace athanor::local
