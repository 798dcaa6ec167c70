#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace athanor::schema {

/// An ECMA-262 regular expression as AWS's schemas use them, compiled when it is first needed. Safe to use
/// from several threads.
class Pattern {
 public:
  explicit Pattern(std::string source);
  ~Pattern();
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;

  const std::string& source() const { return source_; }
  /// Whether the expression is found in `text` (UTF-8). True as well where that cannot be told: the
  /// expression is none, the text is longer than 16,384 characters, or the search takes too many steps.
  bool matches(std::string_view text) const;

 private:
  struct Compiled;
  std::string source_;
  mutable std::once_flag once_;
  mutable std::unique_ptr<Compiled> compiled_;
};

}  // namespace athanor::schema
