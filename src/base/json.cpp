#include "base/json.h"

#include "base/error.h"

namespace athanor {

Json parseJson(std::string_view text, std::string_view what) {
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    throw Error(ErrorCode::provider,
                std::string(what) + " is not JSON: it breaks off at byte " + std::to_string(error.byte));
  }
}

std::string stringAt(const Json& object, std::string_view key, std::string_view fallback) {
  if (!object.is_object()) return std::string(fallback);
  auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string(fallback);
}

bool within(std::string_view pointer, std::string_view ancestor) {
  return pointer.starts_with(ancestor) &&
         (pointer.size() == ancestor.size() || pointer[ancestor.size()] == '/');
}

std::string escapePointer(std::string_view token) {
  std::string out;
  for (char c : token) {
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else
      out += c;
  }
  return out;
}

std::string unescapePointer(std::string_view token) {
  std::string out;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] == '~' && i + 1 < token.size())
      out += token[++i] == '1' ? '/' : '~';
    else
      out += token[i];
  }
  return out;
}

std::string dotted(std::string_view pointer) {
  std::string out;
  while (!pointer.empty() && pointer.front() == '/') {
    pointer.remove_prefix(1);
    const auto end = std::min(pointer.find('/'), pointer.size());
    const auto token = unescapePointer(pointer.substr(0, end));
    const bool index = !token.empty() && token.find_first_not_of("0123456789") == std::string::npos;
    if (index && !out.empty())
      out += "[" + token + "]";
    else
      out += (out.empty() ? "" : ".") + token;
    pointer.remove_prefix(end);
  }
  return out;
}

}  // namespace athanor
