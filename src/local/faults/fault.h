// The path of a request to Cloud Control past the faults that are switched on:
//
//     descriptions (--fault, --faults, POST /_athanor/faults)
//         └ description.h: faultFrom(), FaultSet ──► Fault, plain data
//     request ─► Faults::meet ─► Verdict: answer this error | close, nothing done | first edit or delete it
//         │                               | then lose or delay the answer | then stop the server
//         └─► CloudControl ─► Faults::fateOf(operation) ─► Fate: fails | lasts | never ends | reads lag
//
// A fault is asked in the order of the list, and draws from a generator of its own: which requests it strikes
// depends on its seed and on the requests that its selectors match, and on nothing else. After one that
// leaves no answer to speak of (throttle, error, lose-request, stop) no further one is asked.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"

namespace athanor::local {

/// One way in which the AWS that runs here misbehaves, and when. Each kind has the name that descriptions
/// give it.
struct Fault {
  enum class Kind : std::uint8_t {
    throttle,      ///< "throttle": ThrottlingException, over a rate or at random
    error,         ///< "error": any exception of the API; nothing is begun
    loseRequest,   ///< "lose-request": the connection closes, nothing was done
    loseAnswer,    ///< "lose-answer": the work is done and kept, then the connection closes
    stop,          ///< "stop": the server's process ends at once
    edit,          ///< "edit": somebody else edits the resource, just before the request is looked at
    remove,        ///< "delete": somebody else deletes it then
    fail,          ///< "fail": an accepted operation ends as FAILED, with nothing done
    createFailed,  ///< "create-failed": the create fails, and the resource exists: CREATE_FAILED
    slow,          ///< "slow": the operation takes that long; of other requests, the answer
    stuck,         ///< "stuck": the operation never ends
    stale,         ///< "stale": reads show what was before, for a while after the operation's end
  };
  enum class StopAt : std::uint8_t {
    beforeCommit,  ///< the operation was accepted, nothing of it was kept
    afterCommit,   ///< it was kept, and nobody was answered
  };
  using Milliseconds = std::chrono::milliseconds;

  Kind kind = Kind::error;

  // Which requests: "" and empty mean any.
  std::string type;                     ///< glob (* and ?) of TypeName
  std::string identifier;               ///< glob of the identifier: requested, or of what is being made
  std::vector<std::string> operations;  ///< the API's names: "CreateResource"; those of the kind at most
  std::string account, region;

  // How often, of the requests that match.
  double probability = 1;
  std::uint64_t after = 0;             ///< lets as many pass first
  std::optional<std::uint64_t> count;  ///< strikes as often at most
  std::uint64_t seed = 0;              ///< of its draws

  // What, by kind.
  double rate = 0;                      ///< throttle: requests a second of each account and region; 0 = none
  std::string exception;                ///< error: "HandlerFailureException"
  std::string code;                     ///< fail, create-failed: HandlerErrorCode
  std::string message;                  ///< error, fail, create-failed
  Milliseconds least{0}, most{0};       ///< slow, stale: a draw between them, both included
  Json set;                             ///< edit: a merge patch (RFC 7396) on what reads show
  StopAt stopAt = StopAt::afterCommit;  ///< stop
};

/// A quota of requests a second of each account and region.
inline Fault quota(double rate) {
  Fault out;
  out.kind = Fault::Kind::throttle;
  out.rate = rate;
  return out;
}

}  // namespace athanor::local
