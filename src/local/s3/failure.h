#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "local/http/message.h"

namespace athanor::local::s3 {

/// What S3 refuses a request with (Amazon S3 API reference, "Error responses").
class Failure : public std::runtime_error {
 public:
  using Fields = std::vector<std::pair<std::string, std::string>>;

  Failure(unsigned status, std::string code, const std::string& message, Fields fields = {})
      : std::runtime_error(message), status_(status), code_(std::move(code)), fields_(std::move(fields)) {}

  unsigned status() const { return status_; }
  const std::string& code() const { return code_; }
  /// What stands beside Code and Message: "BucketName" of NoSuchBucket.
  const Fields& fields() const { return fields_; }

 private:
  unsigned status_;
  std::string code_;
  Fields fields_;
};

Failure invalidArgument(const std::string& name, const std::string& value, const std::string& message);
Failure noSuchBucket(const std::string& bucket);
Failure noSuchKey(const std::string& key);
Failure noSuchUpload(const std::string& uploadId);
Failure malformedXml();
Failure notImplemented(const std::string& what);

/// The answer: its body is XML, and empty for HEAD and 304.
http::Response answerOf(const Failure& failure, const http::Request& request, const std::string& requestId);

}  // namespace athanor::local::s3
