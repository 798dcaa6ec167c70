#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "aws/sigv4.h"
#include "base/task.h"

namespace athanor::aws {

struct Credentials {
  sigv4::Key key = {};
  std::optional<std::chrono::system_clock::time_point> expires = {};
  std::string from = {};  ///< where they were found, for messages: "the environment", "profile \"dev\""
};

/// Where signing keys come from. What it gives is good now; it fetches new ones before the old expire.
class CredentialSource {
 public:
  virtual ~CredentialSource() = default;
  /// Throws Error(credentials) that says where it looked and what to do.
  virtual Task<Credentials> get() = 0;
  /// The service said that the last ones have expired: the next get() looks again.
  virtual void reject() = 0;
};

/// Keys that are known beforehand.
class FixedCredentials final : public CredentialSource {
 public:
  explicit FixedCredentials(Credentials credentials) : credentials_(std::move(credentials)) {}
  Task<Credentials> get() override { co_return credentials_; }
  void reject() override {}

 private:
  Credentials credentials_;
};

}  // namespace athanor::aws
