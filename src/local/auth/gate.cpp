#include "local/auth/gate.h"

#include <algorithm>
#include <utility>

#include "local/auth/claim.h"

namespace athanor::local::auth {

namespace {

bool isAccount(std::string_view text) {
  return text.size() == 12 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::variant<Owner, Unknown> owned(const Session& session, const std::string& accessKeyId, Time now) {
  if (session.accessKeyId != accessKeyId) return Unknown::token;
  if (now >= session.expires) return Unknown::expired;
  return Owner{session.secretAccessKey, session.principal, true};
}

Lookup knownTo(const Credentials& credentials, Sessions& sessions, Time now) {
  return [&credentials, &sessions, now](const std::string& id,
                                        const std::string& token) -> std::variant<Owner, Unknown> {
    if (const auto* keys = credentials.find(id)) {
      if (!token.empty()) return Unknown::token;
      return Owner{keys->secretAccessKey, keys->principal};
    }
    if (token.empty()) return Unknown::key;
    const auto session = sessions.open(token);
    return session ? owned(*session, id, now) : Unknown::token;
  };
}

Asker askerOf(const Claim& claim, Principal principal, const Caller& fallback) {
  Asker out{.caller = fallback, .service = "", .principal = std::move(principal)};
  out.caller.account = out.principal.account;
  if (!claim.authorization) return out;
  out.service = claim.authorization->scope.service;
  if (const auto& region = claim.authorization->scope.region; !region.empty()) out.caller.region = region;
  return out;
}

/// Whom a request that is not checked is taken for: the session of a token that was made here, the account
/// that the key names, else the server's own.
Owner taken(const Claim& claim, const std::string& account, Sessions& sessions) {
  const auto id = claim.authorization ? claim.authorization->accessKeyId : "";
  if (!claim.sessionToken.empty())
    if (const auto session = sessions.open(claim.sessionToken); session && session->accessKeyId == id)
      return {"", session->principal, true};
  return {"", root(isAccount(id) ? id : account)};
}

}  // namespace

Gate::Gate(Settings settings, Sessions& sessions) : settings_(std::move(settings)), sessions_(sessions) {}

Passage Gate::pass(const http::Request& request, const std::string& requestId) {
  const auto claim = claimOf(request, settings_.sources.now());
  Admission out;
  Owner owner;
  try {
    const bool preflight = claim.protocol == Protocol::s3 && request.method == "OPTIONS";  // never signed
    if (!settings_.credentials || preflight) {
      owner = taken(claim, settings_.fallback.account, sessions_);
      if (const auto form = chunkForm(request.header("x-amz-content-sha256")); form && !request.bodyFile)
        out.payload =
            decodeChunks(request.body, *form, request.header("x-amz-decoded-content-length"), nullptr);
    } else {
      const auto lookup = knownTo(*settings_.credentials, sessions_, claim.now);
      owner = claim.protocol == Protocol::s3 ? verifyS3(claim, lookup, out.payload, out.signing)
                                             : verifyCoral(claim, lookup);
    }
  } catch (const Refusal& refusal) {
    return answer(refusal, claim.protocol, requestId);
  } catch (const std::exception& error) {  // the key of sessions cannot be read, most likely
    return answer(Refusal(500, "InternalFailure", error.what()), claim.protocol, requestId);
  }
  out.asker = askerOf(claim, std::move(owner.principal), settings_.fallback);
  out.asker.temporary = owner.temporary;
  return out;
}

}  // namespace athanor::local::auth
