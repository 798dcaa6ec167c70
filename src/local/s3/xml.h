#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace athanor::local::s3 {

/// An XML document in the making.
class Xml {
 public:
  /// Opens the root, in S3's namespace.
  explicit Xml(std::string_view root);
  Xml& open(std::string_view name);
  Xml& close(std::string_view name);
  Xml& text(std::string_view name, std::string_view value);
  Xml& number(std::string_view name, std::uint64_t value);
  Xml& flag(std::string_view name, bool value) { return text(name, value ? "true" : "false"); }
  /// Text of the root itself.
  Xml& raw(std::string_view value);
  /// The whole document.
  std::string done() &&;

 private:
  std::string root_, out_;
};

}  // namespace athanor::local::s3
