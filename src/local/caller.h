#pragma once

#include <string>

#include "local/cloudcontrol/operation.h"
#include "local/http/message.h"

namespace athanor::local {

/// What a request's signature says of it: "Authorization: AWS4-HMAC-SHA256 Credential=<key>/<date>/<region>/
/// <service>/aws4_request, …". The signature itself is not checked: whoever reaches the server may use it.
struct Scope {
  Caller caller;        ///< an access key id of 12 digits names its account, as other local AWSs have it
  std::string service;  ///< "cloudcontrolapi"; "" where the request is not signed
};

Scope scopeOf(const http::Request& request, const Caller& fallback);

}  // namespace athanor::local
