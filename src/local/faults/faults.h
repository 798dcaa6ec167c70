#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "local/cloudcontrol/failure.h"
#include "local/cloudcontrol/fate.h"
#include "local/faults/fault.h"

namespace athanor::local {

/// What the faults have decided about a request before Cloud Control looks at it.
struct Verdict {
  std::optional<cloudcontrol::ApiError> error;  ///< answered, instead of doing anything
  bool loseRequest = false;                     ///< close the connection, do nothing
  bool loseAnswer = false;                      ///< do it, keep it, close the connection
  std::chrono::milliseconds delay{0};           ///< of the answer
  std::optional<Fault::StopAt> stop;
  /// What somebody else does to a resource first: a merge patch, or none for a delete.
  struct Intrusion {
    cloudcontrol::ResourceKey key;  ///< the identifier as the request gives it
    std::optional<Json> set;
  };
  std::vector<Intrusion> intrusions;
};

/// The faults that are switched on, and how often each has struck (fault.h shows where it stands).
class Faults {
 public:
  /// `now` is what rates are measured by.
  explicit Faults(std::function<Time()> now);
  ~Faults();
  Faults(const Faults&) = delete;
  Faults& operator=(const Faults&) = delete;

  void add(std::vector<Fault> faults);
  void clear();
  bool none() const { return active_.empty(); }
  /// Every fault as its description, with "number" (from 1), "matched" (requests or operations that its
  /// selectors fit) and "struck".
  Json list() const;

  /// `operation`: its name in the API; `body`: the request's, parsed only where a fault wants to know.
  Verdict meet(const Caller& caller, std::string_view operation, std::string_view body);
  /// Of an operation that is being accepted.
  cloudcontrol::Fate fateOf(const cloudcontrol::ResourceKey& resource, cloudcontrol::Verb verb);

 private:
  class Active;
  struct Subject;
  bool strike(Active& fault, Verdict& verdict, const Subject& subject);

  std::function<Time()> now_;
  std::vector<std::unique_ptr<Active>> active_;
};

}  // namespace athanor::local
