#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "local/http/message.h"

namespace athanor::local::s3 {

/// A request as S3 reads it: whose bucket, which key, and what its query says.
struct Call {
  const http::Request& request;
  std::string bucket;                                      ///< "" = the service itself
  std::string key;                                         ///< decoded; "" = the bucket itself
  std::vector<std::pair<std::string, std::string>> query;  ///< decoded

  const std::string& method() const { return request.method; }
  std::string_view header(std::string_view name) const { return request.header(name); }
  /// None where the query does not have it; "" where it has no value.
  std::optional<std::string> parameter(std::string_view name) const;
  bool has(std::string_view name) const { return parameter(name).has_value(); }
};

/// Reads path style ("/bucket/key") and virtual-host style (Host "bucket.localhost", "bucket.s3.localhost",
/// "bucket.s3.amazonaws.com" and S3's other hosts). A key is what follows the bucket and one slash, decoded:
/// "/b//x" is the key "/x".
Call callOf(const http::Request& request);

/// The bucket that a Host header names; "" where it names none.
std::string hostBucket(std::string_view host);

/// What general purpose buckets may be called ("Bucket naming rules" in the S3 user guide).
bool isBucketName(std::string_view name);

/// True of valid UTF-8, which keys and other texts must be.
bool isUtf8(std::string_view text);

}  // namespace athanor::local::s3
