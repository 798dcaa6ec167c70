#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "local/http/file.h"

namespace athanor::local::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// One request as it came over the wire.
struct Request {
  std::string method;  ///< "POST"
  std::string path;    ///< without the query, as sent: "/"
  std::string query;   ///< after the "?", as sent; "" where there is none
  Headers headers;     ///< names in lower case
  std::string body;
  /// The body where it was spooled (Spooling); `body` is then empty. None for one in memory.
  std::shared_ptr<BodyFile> bodyFile = nullptr;
  bool fromLoopback = false;  ///< sent by a process of this machine

  /// The value of a header by its name in lower case; "" where it was not sent.
  std::string_view header(std::string_view name) const;
};

struct Response {
  unsigned status = 200;
  /// Content-Length, Date, Server and Connection are added when it is sent. An answer to HEAD may name the
  /// Content-Length of what GET would send.
  Headers headers;
  std::string body;
  std::optional<FileRange> file = {};  ///< sent in place of `body`, in pieces
};

/// Sends the answer to one request; callable once, at once or later, on the loop that serves. Dropping it
/// without a call closes the connection.
using Reply = std::move_only_function<void(Response)>;
using Handler = std::function<void(const Request&, Reply)>;

/// Where a body goes that is not held in memory.
struct Spool {
  std::filesystem::path file;  ///< a new one
  std::uint64_t limit = 0;     ///< bytes: 413 above
};
/// Asked once a request's headers are there, before its body is read: none keeps the body in memory.
using Spooling = std::function<std::optional<Spool>(const Request& head)>;

}  // namespace athanor::local::http
