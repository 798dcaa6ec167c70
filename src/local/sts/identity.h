#pragma once

#include <optional>

#include "local/caller.h"
#include "local/http/message.h"

namespace athanor::local::sts {

/// True where a request is of the query protocol: a form with an Action.
bool isQuery(const http::Request& request);

/// The answer to a request of the query protocol: GetCallerIdentity (STS, 2011-06-15); any other action is
/// refused as AWS refuses it.
http::Response answer(const http::Request& request, const Scope& scope, const std::string& requestId);

}  // namespace athanor::local::sts
