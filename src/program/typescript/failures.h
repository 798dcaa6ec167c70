#pragma once

#include <exception>
#include <vector>

#include "base/error.h"
#include "program/typescript/js.h"
#include "program/typescript/sources.h"

namespace athanor::program {

/// Errors across the border. One of ours becomes an Error of JavaScript and keeps what it was, so that it
/// arrives unchanged where the program lets it through.
class Failures {
 public:
  Failures(Pass& pass, Sources& sources);

  /// Throws `error` in JavaScript, at the place where JavaScript stands.
  [[noreturn]] void raise(std::exception_ptr error);
  /// The JavaScript Error for `error`. `stack` is that of the call that failed, since an error from the event
  /// loop has none of its own.
  void toJs(std::exception_ptr error, JS::HandleObject stack, JS::MutableHandleValue out);

  /// What the user reads of a value that was thrown, with place, source line and stack.
  Error fromJs(JS::HandleValue thrown, JS::HandleObject stack);
  /// The pending exception, cleared.
  Error takePending();
  /// The error that names `place`, its source line and `stack`.
  Error at(SourcePlace place, ErrorCode code, const std::string& what, const std::string& stack = "");

  Error outOfMemory();
  /// Where `importer` names `specifier`.
  SourcePlace importPlace(const std::string& importer, const std::string& specifier) const;
  std::string excerptAt(const SourcePlace& place) const;

 private:
  Error original(JS::HandleObject error, const std::string& stack);
  std::string causes(JS::HandleObject error, int depth);
  std::string messageOf(JS::HandleValue thrown);

  Pass& pass_;
  Sources& sources_;
  std::vector<std::exception_ptr> originals_;
  JS::PersistentRooted<JS::PropertyKey>
      mark_;  ///< the property of an Error that holds its index in originals_
};

}  // namespace athanor::program
