#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace athanor::local::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// One request as it came over the wire.
struct Request {
  std::string method;  ///< "POST"
  std::string path;    ///< without the query, as sent: "/"
  std::string query;   ///< after the "?", as sent; "" where there is none
  Headers headers;     ///< names in lower case
  std::string body;

  /// The value of a header by its name in lower case; "" where it was not sent.
  std::string_view header(std::string_view name) const;
};

struct Response {
  unsigned status = 200;
  Headers headers;  ///< Content-Length, Date, Server and Connection are added when it is sent
  std::string body;
};

/// Sends the answer to one request; callable once, at once or later, on the loop that serves. Dropping it
/// without a call closes the connection.
using Reply = std::move_only_function<void(Response)>;
using Handler = std::function<void(const Request&, Reply)>;

}  // namespace athanor::local::http
