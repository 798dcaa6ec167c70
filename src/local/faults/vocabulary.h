#pragma once

#include <span>
#include <string_view>

#include "local/faults/fault.h"

/// The words that descriptions of faults are made of.
namespace athanor::local::vocabulary {

using Words = std::span<const std::string_view>;

struct Kind {
  std::string_view name;
  Fault::Kind kind;
  Words members;     ///< beside those that all kinds have
  Words operations;  ///< that it can strike, by their names in the API
};

std::span<const Kind> kinds();
const Kind& of(Fault::Kind kind);
/// Members that every fault has.
Words commonMembers();

/// An operation by its name in the API, or by its short one: "create".
struct Operation {
  std::string_view shortName, name;
};
std::span<const Operation> operations();

/// The exceptions of the API (botocore's model of Cloud Control, 2021-09-30) and those that every AWS service
/// may answer with.
struct Exception {
  std::string_view name;
  std::string_view space;  ///< of its wire name
  unsigned status;
};
std::span<const Exception> exceptions();

/// HandlerErrorCode of the API.
Words errorCodes();

}  // namespace athanor::local::vocabulary
