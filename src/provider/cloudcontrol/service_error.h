#pragma once

#include <string>

#include "aws/http.h"
#include "base/error.h"

namespace athanor::provider::cloudcontrol {

/// What to do about an answer that is an error.
enum class Fault : std::uint8_t {
  final,      ///< the same request will fail again
  throttled,  ///< send it again, later, and send everything more slowly
  transient,  ///< send it again
  conflict,   ///< another operation runs on the resource: wait for that one first
  notFound,   ///< the resource, or the request asked about, does not exist
  expired,    ///< the credentials have expired
  rejected,   ///< the credentials are not accepted
  skewed,     ///< the signature's time is too far from the service's
};

/// An error that the service answered with, in its own words.
class ServiceError : public Error {
 public:
  /// `operation` is Cloud Control's name of what was asked ("CreateResource").
  ServiceError(const std::string& operation, const aws::HttpResponse& response);

  Fault fault() const { return fault_; }
  /// The exception's name, without "Exception" at its end: "NotUpdatable", "AlreadyExists".
  const std::string& exception() const { return exception_; }
  /// The service's own words.
  const std::string& words() const { return words_; }
  /// The RequestToken that a conflict's message names; "" where it names none.
  const std::string& otherRequest() const { return otherRequest_; }

 private:
  struct Answer;
  ServiceError(const std::string& operation, Answer answer);

  Fault fault_;
  std::string exception_, words_, otherRequest_;
};

}  // namespace athanor::provider::cloudcontrol
