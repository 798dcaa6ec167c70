#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "local/auth/principal.h"
#include "local/sources.h"

namespace athanor::local::auth {

/// Temporary credentials, as STS hands them out.
struct TemporaryKeys {
  std::string accessKeyId;  ///< "ASIA…"
  std::string secretAccessKey;
  std::string sessionToken;
  Time expires;
};

/// What a session token says.
struct Session {
  std::string accessKeyId;
  std::string secretAccessKey;
  Principal principal;
  Time expires;
};

/// Sessions that nobody needs to remember: a token says whose it is and until when, authenticated with a key
/// that lies in the data folder, and the secret access key follows from token and key. So they outlive a
/// restart and die with the folder.
class Sessions {
 public:
  /// The key's file is made when first needed.
  Sessions(std::filesystem::path keyFile, Sources sources);

  TemporaryKeys issue(const Principal& principal, std::chrono::seconds life);
  /// None where the token is not of this data folder. One that has expired still opens.
  std::optional<Session> open(std::string_view token);

 private:
  const std::string& key();

  std::filesystem::path keyFile_;
  Sources sources_;
  std::string key_;
};

}  // namespace athanor::local::auth
