#pragma once

#include <stdexcept>
#include <string>

namespace athanor::local::cloudcontrol {

/// A request that is turned away at once: nothing was begun. `type` is the name on the wire with its
/// namespace, as AWS writes it.
class ApiError : public std::runtime_error {
 public:
  ApiError(std::string type, const std::string& message, unsigned status = 400)
      : std::runtime_error(message), type_(std::move(type)), status_(status) {}
  const std::string& type() const { return type_; }
  unsigned status() const { return status_; }

 private:
  std::string type_;
  unsigned status_;
};

/// One of Cloud Control's own exceptions: apiError("TypeNotFoundException", …).
inline ApiError apiError(const std::string& name, const std::string& message) {
  return {"com.amazon.cloudapiservice#" + name, message};
}
/// A model, patch or member that breaks its schema.
inline ApiError invalid(const std::string& message) {
  return {"com.amazon.coral.validate#ValidationException", message};
}

/// What a resource's service answers to an operation that was accepted: it ends as FAILED with this code
/// (HandlerErrorCode of the API).
class HandlerFailure : public std::runtime_error {
 public:
  HandlerFailure(std::string code, const std::string& message)
      : std::runtime_error(message), code_(std::move(code)) {}
  const std::string& code() const { return code_; }

 private:
  std::string code_;
};

}  // namespace athanor::local::cloudcontrol
