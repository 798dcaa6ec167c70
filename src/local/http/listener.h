#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "local/http/message.h"

namespace athanor {
class SystemLoop;
}
namespace athanor::local::tls {
class Certificates;
}

namespace athanor::local::http {

/// What a client may ask of the server before it is turned away.
struct Limits {
  std::size_t header = std::size_t{64} * 1024;      ///< bytes of the request line and headers: 431 above
  std::size_t body = std::size_t{4} * 1024 * 1024;  ///< bytes of a body in memory: 413 above
  /// Bytes of all bodies in memory together, of those above `small`: 503 where one more does not fit.
  std::size_t bodies = std::size_t{64} * 1024 * 1024;
  std::size_t small = std::size_t{64} * 1024;
  std::size_t connections = 1024;      ///< at once; one more is answered 503 and closed
  std::chrono::seconds handshake{10};  ///< for all of TLS's: closed
  /// Without a byte read or written: closed. A body in memory must also be whole by then, so that a client
  /// that sends a byte now and then does not hold its place for ever.
  std::chrono::seconds idle{75};
};

/// HTTP/1.1 with keep-alive (RFC 9112) on a socket of its own. Serves while its loop runs.
class Listener {
 public:
  /// Binds and listens; port 0 takes any free one. Throws Error(conflict) when the port is taken (and says by
  /// what, where that can be known), Error(usage) for an address that is none of this machine's.
  Listener(SystemLoop& loop, const std::string& address, std::uint16_t port, Limits limits);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  /// The port that it listens on.
  std::uint16_t port() const;
  /// Serves TLS as well, on the same port; to be called before serve(). The certificates outlive this object.
  void serveTls(tls::Certificates& certificates);
  /// Begins to accept; `handler` is called on the loop for every whole request, `spooling` before its body is
  /// read. Writing to spooled files happens on the loop, 64 KiB at a time.
  void serve(Handler handler, Spooling spooling = nullptr);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The request that `bytes` begin with, as a listener reads it; none where it would refuse them or wait for
/// more. Its body is in memory.
std::optional<Request> parsed(std::string_view bytes, const Limits& limits);

}  // namespace athanor::local::http
