#pragma once

#include <string>
#include <string_view>

#include "local/caller.h"

namespace athanor::local::auth {

/// Whom keys belong to.
struct Principal {
  std::string account;
  std::string resource;  ///< "root", "user/dev" or "assumed-role/Deploy/ci": how the ARN ends
  std::string userId;    ///< IAM's unique id of it, as GetCallerIdentity tells it

  bool role() const;
  /// "arn:aws:sts::123456789012:assumed-role/Deploy/ci" or "arn:aws:iam::123456789012:user/dev".
  std::string arn(std::string_view partition) const;
};

/// The account itself: its UserId is its number.
Principal root(const std::string& account);
/// A user; `name` may be any text.
Principal user(const std::string& account, std::string_view name, std::string_view accessKeyId);

/// What the ids of IAM and STS are made of.
constexpr std::string_view idLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A unique id as IAM makes them ("AROA" and 17 letters and digits): the same for the same text.
std::string uniqueId(std::string_view prefix, std::string_view text);

/// Who asks, for what service, in which region.
struct Asker {
  Caller caller;
  std::string service;  ///< of the signature: "cloudcontrolapi"; "" where the request is not signed
  Principal principal;
  bool temporary = false;  ///< with the keys of a session
};

}  // namespace athanor::local::auth
