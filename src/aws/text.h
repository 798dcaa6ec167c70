#pragma once

#include <string>
#include <string_view>

namespace athanor::aws {

/// ASCII lower case.
std::string lower(std::string_view text);
/// Without white space at either end.
std::string_view trim(std::string_view text);
/// The text between <tag> and </tag> where it stands first in an XML document, entities resolved; "" where it
/// does not. Enough for the flat answers of STS, whose tags carry no attributes.
std::string xmlText(std::string_view document, std::string_view tag);

}  // namespace athanor::aws
