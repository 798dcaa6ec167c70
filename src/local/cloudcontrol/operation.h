#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "local/caller.h"
#include "local/sources.h"

namespace athanor::local::cloudcontrol {

struct ResourceKey {
  Caller caller;
  std::string type;
  std::string identifier;
  auto operator<=>(const ResourceKey&) const = default;
};

/// The verbs of ProgressEvent's Operation.
enum class Verb : std::uint8_t { create, update, remove };
/// PENDING is no state of its own: an operation in progress is pending until it has started.
enum class Status : std::uint8_t { inProgress, success, failed, cancelling, cancelled };

std::string_view name(Verb verb);

/// A time that no server lives to see.
constexpr Time never{std::chrono::seconds(7'258'118'400)};  // the year 2200

/// One operation that was accepted: it is remembered for a week, and its ClientToken for 36 hours.
struct Operation {
  std::int64_t sequence = 0;  ///< given by the store, in the order of acceptance
  std::string token;          ///< RequestToken
  ResourceKey resource;
  Verb verb = Verb::create;
  Status status = Status::inProgress;
  Time accepted;
  Time started;           ///< PENDING before
  Time due;               ///< when it ends; `never` where it is stuck
  Time event;             ///< EventTime
  bool named = true;      ///< the identifier is the caller's own, known before the service has made it
  std::string model;      ///< ResourceModel as JSON text; "" = none
  std::string next;       ///< the full model to be stored at the end, as JSON text: of an update, and of a
                          ///< create that is to fail and leave a resource behind; "" = none
  std::string errorCode;  ///< HandlerErrorCode; set before the end where the outcome is already decided
  std::string message;    ///< StatusMessage
  std::string clientToken;
  std::string bodyHash;  ///< what the ClientToken stands for

  bool active() const { return status == Status::inProgress || status == Status::cancelling; }
};

/// OperationStatus as the API spells it.
std::string_view statusName(const Operation& operation, Time now);

}  // namespace athanor::local::cloudcontrol
