#pragma once

#include <optional>

#include "local/http/message.h"

namespace athanor::local::http {

/// Why a request that changes the server itself is not honoured; none where it may be. A page that a browser
/// shows can send requests to loopback, so that only these pass:
/// - Host is an IP address or "localhost": a name that leads here may be anybody's (DNS rebinding);
/// - Origin, which browsers add, is absent or this very server;
/// - a body comes as application/json, which a page cannot send elsewhere without being allowed to.
/// The answer is 403 or 415 with {"message", "next"}.
std::optional<Response> refusalOfStrangers(const Request& request);

/// {"message": …, "next": …}: how `/_athanor/*` says what is wrong and what to do. `next` may be "".
Response problem(unsigned status, std::string_view message, std::string_view next = {});

}  // namespace athanor::local::http
