#include "local/xml.h"

#include <fmt/format.h>

namespace athanor::local {

std::string xmlEscaped(std::string_view text, Controls controls) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '&')
      out += "&amp;";
    else if (c == '"')
      out += "&quot;";
    else if (byte < 0x20 && controls == Controls::references)
      out += fmt::format("&#x{:x};", byte);
    else if (byte < 0x20 && c != '\n' && c != '\t')
      out += '?';
    else
      out += c;
  }
  return out;
}

}  // namespace athanor::local
