#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "recorder/publisher.h"

namespace athanor::recorder::rtmp {

struct ServerSettings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 1935;  ///< 0: any free one
  /// The PEM files of a certificate and its key make it RTMPS; both empty: plain RTMP.
  std::filesystem::path certificate = {}, key = {};
  int threads = 1;                                     ///< that receive
  std::size_t connections = 2000;                      ///< at once; one more is closed
  std::chrono::seconds handshake{10};                  ///< from the connection to the publish command
  std::chrono::seconds idle{30};                       ///< without a byte
  std::size_t backlog = std::size_t{8} * 1024 * 1024;  ///< bytes not yet written; nothing is read above it
};

/// Takes streams by RTMP or RTMPS, on threads of its own. What goes wrong with a publisher ends that
/// publisher's connection.
class Server {
 public:
  /// Binds and serves. Throws Error(conflict) where the port is taken, Error(usage) for an address that is
  /// none, Error(state) for a certificate that cannot be read. The gate outlives the server.
  Server(ServerSettings settings, Gate& gate);
  /// Ends all connections; receivers are told.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace athanor::recorder::rtmp
