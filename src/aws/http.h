#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/task.h"

namespace athanor::aws {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// The value of the first header of that name, in any case; "" where there is none.
std::string header(const Headers& headers, std::string_view name);

struct HttpRequest {
  std::string method = "GET";
  std::string url = {};
  Headers headers = {};
  std::string body = {};
  std::chrono::milliseconds timeout{60'000};        ///< for the whole exchange
  std::chrono::milliseconds connectTimeout{5'000};  ///< until the connection stands, TLS included
};

struct HttpResponse {
  int status = 0;
  Headers headers = {};
  std::string body = {};
};

/// No answer came. `maybeSent()` is true where the server may have seen the request all the same: a mutating
/// request is then to be repeated only with what makes it the same one.
class Unreachable : public Error {
 public:
  Unreachable(const std::string& what, bool maybeSent)
      : Error(ErrorCode::unreachable, what), maybeSent_(maybeSent) {}
  Unreachable(Error&& error, bool maybeSent) : Error(std::move(error)), maybeSent_(maybeSent) {}
  bool maybeSent() const { return maybeSent_; }

 private:
  bool maybeSent_;
};

/// Sends HTTP requests, many at a time. Any answer is a response, whatever its status; throws Unreachable
/// where none came.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  virtual Task<HttpResponse> send(HttpRequest request) = 0;
};

}  // namespace athanor::aws
