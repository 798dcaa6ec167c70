#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "local/http/message.h"

namespace athanor::local::auth {

/// How a request is written, and its answer.
enum class Protocol : std::uint8_t {
  json,   ///< AWS JSON 1.0: X-Amz-Target
  query,  ///< forms and XML: STS
  s3,     ///< paths and XML
};

/// What a request is refused with: for its signature, or the lack of one, and by S3 for anything.
class Refusal : public std::runtime_error {
 public:
  using Fields = std::vector<std::pair<std::string, std::string>>;

  Refusal(unsigned status, std::string code, const std::string& message, Fields fields = {})
      : std::runtime_error(message), status_(status), code_(std::move(code)), fields_(std::move(fields)) {}

  unsigned status() const { return status_; }
  /// As the protocol writes it: "com.amazon.coral.service#InvalidSignatureException",
  /// "SignatureDoesNotMatch".
  const std::string& code() const { return code_; }
  /// What S3 says beside the message.
  const Fields& fields() const { return fields_; }

 private:
  unsigned status_;
  std::string code_;
  Fields fields_;
};

http::Response answer(const Refusal& refusal, Protocol protocol, const std::string& requestId);

}  // namespace athanor::local::auth
