#pragma once

#include <stdexcept>
#include <string>

namespace athanor::recorder {

/// What a peer or a file gave breaks its format, or is more than we take; the text says what, and by which
/// rule. It costs that peer its connection and nobody else anything.
class Malformed : public std::runtime_error {
 public:
  explicit Malformed(const std::string& what) : std::runtime_error(what) {}
};

}  // namespace athanor::recorder
