#pragma once

#include <string>
#include <string_view>

namespace athanor::local {

/// Text as it stands between two tags of an XML document.
std::string xmlEscaped(std::string_view text);

}  // namespace athanor::local
