#pragma once

#include "local/faults/console.h"
#include "local/faults/faults.h"
#include "local/http/message.h"

namespace athanor::local {

/// What is asked of the faults over HTTP, as JSON (docs/faults.md):
/// - `/_athanor/faults`: GET lists them, POST adds some or replaces all ("replace": true), DELETE clears
/// them;
/// - `/_athanor/resources`: POST edits ("set") or deletes ("delete": true) a resource as somebody else would.
class FaultsApi {
 public:
  struct Hooks {
    std::function<void()> cleared;  ///< no fault is on any more: reads may show what is
    bool mayStop = false;           ///< whether a fault may end this process
  };
  /// All of what is given by reference outlives this.
  FaultsApi(Faults& faults, Console& console, const Caller& usual, const Sources& sources, Hooks hooks)
      : faults_(faults), console_(console), usual_(usual), sources_(sources), hooks_(std::move(hooks)) {}

  static bool owns(const http::Request& request) {
    return request.path == "/_athanor/faults" || request.path == "/_athanor/resources";
  }
  /// To be called within a batch of the database.
  http::Response answer(const http::Request& request);

  /// Throws Error(refused) where a fault would end a process that must not end.
  void check(const std::vector<Fault>& faults) const;

 private:
  void clear();
  http::Response faults(const http::Request& request);
  http::Response listed() const;
  http::Response resources(const http::Request& request);

  Faults& faults_;
  Console& console_;
  const Caller& usual_;
  const Sources& sources_;
  Hooks hooks_;
};

}  // namespace athanor::local
