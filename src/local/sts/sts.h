#pragma once

#include <string_view>
#include <vector>

#include "local/auth/principal.h"
#include "local/auth/sessions.h"
#include "local/http/message.h"

/// AWS Security Token Service (2011-06-15): who asks, and keys that last for a while.
namespace athanor::local::sts {

/// True where a request is of the query protocol: a form, or a GET, with an Action.
bool isQuery(const http::Request& request);
/// True where it is for STS, by its Version.
bool isSts(const http::Request& request);

/// The actions that are answered.
std::vector<std::string_view> operations();

/// The answer to a request of the query protocol; an action that is none of operations() is refused as AWS
/// refuses it.
http::Response answer(const http::Request& request, const auth::Asker& asker, auth::Sessions& sessions,
                      const std::string& requestId);

}  // namespace athanor::local::sts
