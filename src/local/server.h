#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "local/faults/fault.h"

#include "local/sources.h"

namespace athanor::schema {
class Catalogue;
}

namespace athanor::local {

struct ServerOptions {
  std::string address = "127.0.0.1";     ///< anything but loopback must be asked for by name
  std::uint16_t port = 4566;             ///< 0 = any free one
  std::filesystem::path data;            ///< everything it keeps; created when missing
  std::chrono::milliseconds latency{0};  ///< how long each operation takes
  double rate = 0;         ///< requests a second that each account and region may send; 0 = any number
  bool references = true;  ///< refuses models that name a resource that is not there (docs/local-aws.md)
  /// The port that takes streams by RTMP, 0 = any free one; none: no streams are taken.
  std::optional<std::uint16_t> rtmpPort = {};
  bool rtmpPortAsked = false;  ///< then a port that is taken is an error; else it is said
  std::string account = "123456789012";
  std::string region = "us-east-1";  ///< for requests that name none
  std::vector<Fault> faults;         ///< switched on from the start
  /// Ends the process at once, as a loss of power would; null where no fault may do that. It must not return.
  std::function<void()> powerOff;
  /// The keys that requests must be signed with, in the format of ~/.aws/credentials; "" = `credentials` in
  /// the data folder where there is one. Without any, any keys do, and only loopback may be listened on.
  std::filesystem::path credentials;
  /// Said once for each thing worth knowing ("made the bucket my-video-recordings"); called on the server's
  /// thread.
  std::function<void(const std::string&)> say;
  Sources sources = systemSources();
};

/// The AWS that runs here. Runs on a thread of its own; the destructor stops it and leaves the data as it is.
class Server {
 public:
  /// Starts serving; throws Error(conflict) when the port is taken (and says by what, where it can be known)
  /// or when another server uses the data folder (its URL is in the error's detail), Error(refused) for a
  /// fault that would end a process that must not end, Error(usage) when the credentials make no sense, or
  /// are missing off loopback.
  Server(ServerOptions options, const schema::Catalogue& catalogue);
  ~Server();

  std::string url() const;  ///< "http://127.0.0.1:4566"
  /// The id of this AWS: made with the data folder, and gone with it.
  std::string id() const;
  /// True where requests must be signed with configured credentials.
  bool checksSignatures() const;
  /// The port that takes streams; 0 where none does.
  std::uint16_t rtmpPort() const;
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The URL of the server that is running on a data folder; "" where none is.
std::string runningServer(const std::filesystem::path& data);

}  // namespace athanor::local
