#pragma once

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>

#include "local/auth/principal.h"

namespace athanor::local::sts {

/// A request that STS turns away.
class Invalid : public std::runtime_error {
 public:
  explicit Invalid(const std::string& message, std::string code = "ValidationError", unsigned status = 400)
      : std::runtime_error(message), code_(std::move(code)), status_(status) {}
  const std::string& code() const { return code_; }
  unsigned status() const { return status_; }

 private:
  std::string code_;
  unsigned status_;
};

/// What AssumeRole was sent; none where a parameter was not.
struct RoleRequest {
  std::optional<std::string> arn;
  std::optional<std::string> sessionName;
  std::optional<std::string> seconds;
};

/// What it asks for.
struct Role {
  std::string partition;
  auth::Principal principal;  ///< the session's
  std::chrono::seconds life;
};

/// Throws Invalid in the words of AWS's validator where a parameter breaks its constraint (API reference of
/// AssumeRole).
Role readRole(const RoleRequest& request);

/// Seconds that DurationSeconds may have, and what it is when it is not sent.
struct DurationRange {
  long least;
  long most;
  long usual;
};
std::chrono::seconds readDuration(const std::optional<std::string>& text, DurationRange range);

}  // namespace athanor::local::sts
