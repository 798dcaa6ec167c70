#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace athanor {

/// What kind of failure an Error is; programs branch on this, people read the text.
enum class ErrorCode : std::uint8_t {
  usage,       ///< a command line, option or configuration that makes no sense
  program,     ///< the user's program failed to parse, threw, hung or never settled
  validation,  ///< a declaration breaks its schema
  conflict,    ///< something else holds what is needed: a lock, a port, an operation on the resource
  refused,     ///< Athanor will not do this without being told to (protect, another target, unplanned delete)
  credentials,  ///< none found, expired, or rejected
  unreachable,  ///< no answer from an endpoint
  throttled,    ///< the service asks for patience
  notFound,     ///< what was named does not exist
  provider,     ///< the service answered that the operation failed
  interrupted,  ///< the outcome of an operation is unknown until the next run
  state,        ///< stored state is damaged, newer, sealed with another key, or cannot be written
  internal,     ///< a broken invariant of Athanor's own
};

/// The name of a code as JSON output shows it: "validation", "notFound" …
const char* name(ErrorCode code);

/// A place in the user's source. Line and column count from 1; 0 means unknown.
struct SourcePlace {
  std::string file;
  int line = 0;
  int column = 0;

  bool known() const { return !file.empty(); }
  bool operator==(const SourcePlace&) const = default;
};

/// "file.ts:3:7", or "" where unknown.
std::string toString(const SourcePlace& place);

/// A failure that carries what failed, where, why, and what to do next. `what()` is the one-line reason.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& what) : std::runtime_error(what), code_(code) {}

  ErrorCode code() const { return code_; }
  /// Where in the user's source; unknown for failures outside of it.
  const SourcePlace& place() const { return place_; }
  /// The declaration's id, or "".
  const std::string& resource() const { return resource_; }
  /// The property path as the user wrote it, or "".
  const std::string& path() const { return path_; }
  /// What to do next: a sentence, or "".
  const std::string& hint() const { return hint_; }
  /// More text that belongs under the message (a source line with a caret, a stack), or "".
  const std::string& detail() const { return detail_; }

  Error at(SourcePlace place) && {
    place_ = std::move(place);
    return std::move(*this);
  }
  Error of(std::string resource) && {
    resource_ = std::move(resource);
    return std::move(*this);
  }
  Error in(std::string path) && {
    path_ = std::move(path);
    return std::move(*this);
  }
  Error next(std::string hint) && {
    hint_ = std::move(hint);
    return std::move(*this);
  }
  Error with(std::string detail) && {
    detail_ = std::move(detail);
    return std::move(*this);
  }

 private:
  ErrorCode code_;
  SourcePlace place_;
  std::string resource_, path_, hint_, detail_;
};

}  // namespace athanor
