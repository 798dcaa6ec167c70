#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "local/s3/call.h"

namespace athanor::local::s3 {

/// The operation of the S3 API that a request asks for, by AWS's name ("PutObject"); "Preflight" for OPTIONS.
/// "" where it is none that is served.
std::string_view operationOf(const Call& call);

/// Why such a request is not served: "?policy of buckets"; "" where the method does not fit at all.
std::string unserved(const Call& call);

/// All operations that are served, by name.
std::vector<std::string_view> operations();

}  // namespace athanor::local::s3
