#pragma once

#include <string>

#include "local/auth/refusal.h"
#include "local/http/message.h"

namespace athanor::local::s3 {

// What S3 refuses a request with (Amazon S3 API reference, "Error responses"); `fields` of a refusal are what
// stands beside Code and Message: "BucketName" of NoSuchBucket.
using auth::Refusal;

Refusal invalidArgument(const std::string& name, const std::string& value, const std::string& message);
Refusal noSuchBucket(const std::string& bucket);
Refusal noSuchKey(const std::string& key);
Refusal noSuchUpload(const std::string& uploadId);
Refusal malformedXml();
Refusal notImplemented(const std::string& what);

/// The answer: its body is XML, and empty for HEAD and 304.
http::Response answerOf(const Refusal& failure, const http::Request& request, const std::string& requestId);

}  // namespace athanor::local::s3
