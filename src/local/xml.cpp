#include "local/xml.h"

namespace athanor::local {

std::string xmlEscaped(std::string_view text) {
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
    else if (byte < 0x20 && c != '\n' && c != '\t')
      out += '?';  // XML 1.0 has no way to write them
    else
      out += c;
  }
  return out;
}

}  // namespace athanor::local
