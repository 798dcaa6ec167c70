#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "recorder/ingest/flv.h"
#include "recorder/ingest/rtmp/server.h"
#include "recorder/ingest/rtmp/session.h"

namespace athanor::recorder::rtmp {

using Socket = boost::asio::ip::tcp::socket;
using TlsStream = boost::asio::ssl::stream<Socket>;

class Connection;

/// What the connections of one thread share.
struct Lane {
  Lane(const ServerSettings& given, Gate& to, boost::asio::ssl::context* with)
      : settings(given), gate(to), tls(with) {}

  const ServerSettings& settings;
  Gate& gate;
  boost::asio::ssl::context* tls;  ///< none: plain RTMP
  boost::asio::io_context context{1};
  std::vector<char> buffer = std::vector<char>(std::size_t{256} * 1024);  ///< for one read at a time
  std::set<std::shared_ptr<Connection>> open;
};

/// One publisher. Everything but hangUp() happens on its lane's thread.
class Connection final : public std::enable_shared_from_this<Connection>, Session::Host {
 public:
  Connection(Lane& lane, Socket socket);
  ~Connection() override;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void start();
  /// Ends it if it waits longer than it may; called every second.
  void check(std::chrono::steady_clock::time_point now);
  /// Ends it with a word to the publisher.
  void refuse(const std::string& reason);
  /// Ends it at once.
  void close(const std::string& reason);

 private:
  void send(std::string bytes) override;
  void publish(std::string streamKey) override;
  void media(std::uint8_t type, std::uint32_t timestamp, std::string_view body) override;
  void unpublish() override;

  void read();
  void readTls();
  void got(std::string_view bytes);
  void goOn();
  void write();
  void admitted(Admission admission);
  void endStream(const std::string& reason);
  Socket& socket();

  Lane& lane_;
  std::optional<Socket> plain_;
  std::optional<TlsStream> tls_;
  boost::asio::steady_timer pause_;
  Session session_;
  std::shared_ptr<Receiver> receiver_;
  std::optional<flv::Demuxer> demuxer_;
  std::string peer_;
  std::string out_, sending_;  ///< what waits to be sent, and what is on its way
  std::vector<char> tlsBuffer_;
  std::chrono::steady_clock::time_point began_, heard_;
  bool closing_ = false, closed_ = false;
};

}  // namespace athanor::recorder::rtmp
