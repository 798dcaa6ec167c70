#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "aws/sigv4.h"
#include "local/auth/chunks.h"
#include "local/auth/principal.h"
#include "local/auth/refusal.h"
#include "local/http/message.h"
#include "local/sources.h"

namespace athanor::local::auth {

/// A request with what its signature claims.
struct Claim {
  aws::sigv4::Wire wire;  ///< without the body
  const http::Request& request;
  std::optional<aws::sigv4::Authorization> authorization;
  std::string sessionToken;  ///< of the header or the query; "" where it has none
  Protocol protocol = Protocol::json;
  std::string service;  ///< that the signature must be for; "" where any will do
  Time now;
};

/// What a request claims. `now` is the server's time.
Claim claimOf(const http::Request& request, Time now);

/// Whose keys a claim was signed with.
struct Owner {
  std::string secretAccessKey;
  Principal principal;
  bool temporary = false;
};

/// Why keys are not accepted.
enum class Unknown : std::uint8_t { key, token, expired };

/// Looks up the keys that a claim names.
using Lookup = std::function<std::variant<Owner, Unknown>(const std::string& accessKeyId,
                                                          const std::string& sessionToken)>;

/// Verifies a claim by the rules of AWS's JSON and query services. Throws Refusal in their words.
Owner verifyCoral(const Claim& claim, const Lookup& lookup);

/// Verifies a claim by S3's rules. A body in memory that came in signed or unsigned chunks is decoded into
/// `payload`; for a spooled one, `signing` is what its chunks are signed with, and nothing of it is read.
/// Throws Refusal in S3's words.
Owner verifyS3(const Claim& claim, const Lookup& lookup, std::optional<Payload>& payload,
               std::optional<ChunkSigning>& signing);

/// The SHA-256 of a request's body, in memory or spooled: lower-case hexadecimal.
std::string payloadHash(const http::Request& request);

/// A region's name, as far as its form tells: "eu-central-1".
bool isRegion(std::string_view text);

}  // namespace athanor::local::auth
