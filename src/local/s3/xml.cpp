#include "local/s3/xml.h"

#include <fmt/format.h>

namespace athanor::local::s3 {

std::string escaped(std::string_view text) {
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
    else if (byte < 0x20)
      out += fmt::format("&#x{:x};", byte);
    else
      out += c;
  }
  return out;
}

Xml::Xml(std::string_view root)
    : root_(root),
      out_(fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{} "
                       "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">",
                       root)) {}

Xml& Xml::open(std::string_view name) {
  out_ += fmt::format("<{}>", name);
  return *this;
}
Xml& Xml::close(std::string_view name) {
  out_ += fmt::format("</{}>", name);
  return *this;
}
Xml& Xml::text(std::string_view name, std::string_view value) {
  out_ += fmt::format("<{}>{}</{}>", name, escaped(value), name);
  return *this;
}
Xml& Xml::number(std::string_view name, std::uint64_t value) {
  out_ += fmt::format("<{}>{}</{}>", name, value, name);
  return *this;
}
Xml& Xml::raw(std::string_view value) {
  out_ += escaped(value);
  return *this;
}
std::string Xml::done() && { return std::move(out_) + fmt::format("</{}>", root_); }

}  // namespace athanor::local::s3
