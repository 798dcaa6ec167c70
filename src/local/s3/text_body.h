#pragma once

#include <string>

#include "local/http/message.h"

namespace athanor::local::s3 {

/// The body of a request that is held in memory. Throws Refusal where it is not what
/// Content-MD5 or x-amz-checksum-* promise, or where one of them is `needed` and absent.
const std::string& textBody(const http::Request& request, bool needed = false);

}  // namespace athanor::local::s3
