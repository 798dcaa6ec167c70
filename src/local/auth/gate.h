#pragma once

#include <optional>
#include <string>

#include "local/auth/chunks.h"
#include "local/auth/credentials.h"
#include "local/auth/principal.h"
#include "local/auth/sessions.h"
#include "local/http/message.h"
#include "local/sources.h"

namespace athanor::local::auth {

/// A request that may be answered.
struct Admission {
  Asker asker;
  /// A body in memory that came in chunks, decoded; else the request's own is it.
  std::optional<Payload> payload = {};
  /// What the chunks of a spooled body are signed with. Such a body is for its reader to check and decode, by
  /// its x-amz-content-sha256.
  std::optional<ChunkSigning> signing = {};
};

/// What came to the gate: whose request it is, or why it is refused.
using Passage = std::variant<Admission, http::Response>;

/// Decides who may ask. Where it has credentials, every request must be signed with them or with temporary
/// keys that came of them; where it has none, any keys do, and an access key id of 12 digits names its
/// account, as other local AWSs have it.
class Gate {
 public:
  struct Settings {
    Caller fallback;  ///< whose requests are that name no account or region
    std::optional<Credentials> credentials;
    Sources sources;
  };

  Gate(Settings settings, Sessions& sessions);

  bool checks() const { return settings_.credentials.has_value(); }
  /// The refusal is in the words of the service that was asked.
  Passage pass(const http::Request& request, const std::string& requestId);

 private:
  Settings settings_;
  Sessions& sessions_;
};

}  // namespace athanor::local::auth
