#pragma once

#include <optional>
#include <string>

#include "local/http/message.h"

namespace athanor::local::s3 {

/// The one operation of S3 that is served.
inline constexpr std::string_view listing = "ListObjectVersions";

/// The bucket whose ListObjectVersions a request asks for ("GET /name?versions…", path style); none for any
/// other request.
std::optional<std::string> listedBucket(const http::Request& request);

/// The answer for a bucket that `stands`: buckets here hold no objects, so that its list is empty.
/// NoSuchBucket where it does not.
http::Response objectVersions(const std::string& bucket, bool stands, const std::string& requestId);

}  // namespace athanor::local::s3
