#include "local/s3/xml.h"

#include <fmt/format.h>

#include "local/xml.h"

namespace athanor::local::s3 {

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
  out_ += fmt::format("<{}>{}</{}>", name, xmlEscaped(value, Controls::references), name);
  return *this;
}
Xml& Xml::number(std::string_view name, std::uint64_t value) {
  out_ += fmt::format("<{}>{}</{}>", name, value, name);
  return *this;
}
Xml& Xml::raw(std::string_view value) {
  out_ += xmlEscaped(value, Controls::references);
  return *this;
}
std::string Xml::done() && { return std::move(out_) + fmt::format("</{}>", root_); }

}  // namespace athanor::local::s3
