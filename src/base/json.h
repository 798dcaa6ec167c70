#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace athanor {

/// JSON with sorted keys, so that `dump()` of equal values is equal text.
using Json = nlohmann::json;

/// Parses text from outside; throws Error(code) that names `what` ("the answer of …") and the byte where it
/// broke.
Json parseJson(std::string_view text, std::string_view what);

/// The member of an object as a string, or `fallback` where it is absent or no string.
std::string stringAt(const Json& object, std::string_view key, std::string_view fallback = "");

/// "a.b[2].c" of a JSON pointer "/a/b/2/c", as a person writes a property path.
std::string dotted(std::string_view pointer);

/// True where a JSON pointer is `ancestor` itself or stands below it.
bool within(std::string_view pointer, std::string_view ancestor);

/// `token` escaped for use in a JSON pointer (RFC 6901 §3).
std::string escapePointer(std::string_view token);
/// A token of a JSON pointer as the key that it stands for (RFC 6901 §4).
std::string unescapePointer(std::string_view token);

}  // namespace athanor
