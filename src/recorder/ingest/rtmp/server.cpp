#include "recorder/ingest/rtmp/server.h"

#include <fmt/format.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <optional>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.h"
#include "recorder/codec/malformed.h"
#include "recorder/ingest/flv.h"
#include "recorder/ingest/rtmp/session.h"

namespace athanor::recorder::rtmp {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::size_t sendMost = std::size_t{64} * 1024;  // answers that a publisher may leave unread
constexpr std::chrono::milliseconds backlogPause{20};

std::string textOf(const asio::ip::tcp::endpoint& peer) {
  return fmt::format(fmt::runtime(peer.address().is_v6() ? "[{}]:{}" : "{}:{}"), peer.address().to_string(),
                     peer.port());
}

using Socket = asio::ip::tcp::socket;
using TlsStream = asio::ssl::stream<Socket>;

class Connection;

/// What the connections of one thread share.
struct Lane {
  Lane(const ServerSettings& given, Gate& to, asio::ssl::context* with)
      : settings(given), gate(to), tls(with) {}

  const ServerSettings& settings;
  Gate& gate;
  asio::ssl::context* tls;  ///< none: plain RTMP
  asio::io_context context{1};
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
  asio::steady_timer pause_;
  Session session_;
  std::shared_ptr<Receiver> receiver_;
  std::optional<flv::Demuxer> demuxer_;
  std::string peer_;
  std::string out_, sending_;  ///< what waits to be sent, and what is on its way
  std::vector<char> tlsBuffer_;
  std::chrono::steady_clock::time_point began_, heard_;
  bool closing_ = false, closed_ = false;
};

Connection::Connection(Lane& lane, Socket socket)
    : lane_(lane),
      pause_(lane.context),
      session_(*this),
      began_(std::chrono::steady_clock::now()),
      heard_(began_) {
  error_code ignored;
  peer_ = textOf(socket.remote_endpoint(ignored));
  ignored = socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  ignored = socket.non_blocking(true, ignored);
  if (lane.tls)
    tls_.emplace(std::move(socket), *lane.tls);
  else
    plain_.emplace(std::move(socket));
}

Connection::~Connection() = default;

Socket& Connection::socket() { return tls_ ? tls_->next_layer() : *plain_; }

void Connection::start() {
  lane_.open.insert(shared_from_this());
  if (!tls_) return read();
  tlsBuffer_.resize(std::size_t{32} * 1024);
  tls_->async_handshake(asio::ssl::stream_base::server, [self = shared_from_this()](error_code error) {
    if (error) return self->close("the TLS handshake failed: " + error.message());
    self->readTls();
  });
}

void Connection::read() {
  if (closed_) return;
  plain_->async_wait(Socket::wait_read, [self = shared_from_this()](error_code error) {
    if (error || self->closed_) return self->close("");
    auto& buffer = self->lane_.buffer;
    const auto size = self->plain_->read_some(asio::buffer(buffer), error);
    if (error == asio::error::would_block) return self->read();
    if (error)
      return self->close(error == asio::error::eof ? "" : "the connection was lost: " + error.message());
    self->got({buffer.data(), size});
  });
}

void Connection::readTls() {
  if (closed_) return;
  tls_->async_read_some(
      asio::buffer(tlsBuffer_), [self = shared_from_this()](error_code error, std::size_t size) {
        if (error)
          return self->close(error == asio::error::eof ? "" : "the connection was lost: " + error.message());
        self->got({self->tlsBuffer_.data(), size});
      });
}

void Connection::got(std::string_view bytes) {
  heard_ = std::chrono::steady_clock::now();
  if (!closing_) {  // else what comes is only read so that the publisher can hear why it is refused
    try {
      session_.read(bytes);
    } catch (const Malformed& error) {
      if (!session_.open()) return close(error.what());
      refuse(error.what());
    }
  }
  goOn();
}

/// Reads on, once what was taken is written.
void Connection::goOn() {
  if (closed_) return;
  if (receiver_ && receiver_->backlog() > lane_.settings.backlog) {
    heard_ = std::chrono::steady_clock::now();  // it is we who are slow
    pause_.expires_after(backlogPause);
    pause_.async_wait([self = shared_from_this()](error_code error) {
      if (!error) self->goOn();
    });
    return;
  }
  tls_ ? readTls() : read();
}

void Connection::check(std::chrono::steady_clock::time_point now) {
  const auto& settings = lane_.settings;
  if (closing_ && now - heard_ > std::chrono::seconds(2)) return close("");
  if (!receiver_ && now - began_ > settings.handshake)
    return close(fmt::format("it did not begin to publish within {} s", settings.handshake.count()));
  if (now - heard_ > settings.idle) close(fmt::format("nothing came for {} s", settings.idle.count()));
}

void Connection::send(std::string bytes) {
  if (closed_) return;
  out_ += bytes;
  if (out_.size() > sendMost) return close("the publisher does not read its answers");
  if (sending_.empty()) write();
}

void Connection::write() {
  sending_ = std::exchange(out_, {});
  auto sent = [self = shared_from_this()](error_code error, std::size_t) {
    self->sending_.clear();
    if (error) return self->close("the connection was lost: " + error.message());
    if (!self->out_.empty()) return self->write();
    error_code ignored;
    if (self->closing_) ignored = self->socket().shutdown(Socket::shutdown_send, ignored);
  };
  if (tls_)
    asio::async_write(*tls_, asio::buffer(sending_), std::move(sent));
  else
    asio::async_write(*plain_, asio::buffer(sending_), std::move(sent));
}

void Connection::publish(std::string streamKey) {
  Attempt attempt{.protocol = tls_ ? Protocol::rtmps : Protocol::rtmp,
                  .streamKey = std::move(streamKey),
                  .peer = peer_,
                  .hangUp = {}};
  attempt.hangUp = [weak = weak_from_this()] {
    if (const auto self = weak.lock())
      asio::post(self->lane_.context, [self] { self->refuse("The stream was taken over or stopped."); });
  };
  lane_.gate.admit(std::move(attempt), [weak = weak_from_this()](Admission admission) {
    if (const auto self = weak.lock())
      asio::post(self->lane_.context, [self, admission = std::move(admission)]() mutable {
        self->admitted(std::move(admission));
      });
    else if (admission.receiver)
      admission.receiver->ended("the publisher had gone");
  });
}

void Connection::admitted(Admission admission) {
  if (!admission.receiver) return refuse(admission.refusal);
  receiver_ = std::move(admission.receiver);
  if (closed_ || closing_) return endStream("the publisher had gone");
  demuxer_.emplace(*receiver_);
  session_.accept();
}

void Connection::media(std::uint8_t type, std::uint32_t timestamp, std::string_view body) {
  type == videoData ? demuxer_->video(body, timestamp) : demuxer_->audio(body, timestamp);
}

void Connection::unpublish() { endStream(""); }

void Connection::endStream(const std::string& reason) {
  demuxer_.reset();
  if (const auto receiver = std::exchange(receiver_, nullptr)) receiver->ended(reason);
  began_ = std::chrono::steady_clock::now();
}

void Connection::refuse(const std::string& reason) {
  if (closed_ || closing_) return;
  endStream(reason);
  closing_ = true;
  if (session_.open())
    session_.refuse(reason);
  else
    close(reason);
}

void Connection::close(const std::string& reason) {
  if (std::exchange(closed_, true)) return;
  endStream(reason);
  pause_.cancel();
  error_code ignored;
  ignored = socket().close(ignored);
  lane_.open.erase(shared_from_this());
}

std::unique_ptr<asio::ssl::context> tlsContext(const ServerSettings& settings) {
  if (settings.certificate.empty()) return nullptr;
  auto out = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
  out->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                   asio::ssl::context::no_tlsv1_1);
  error_code error;
  error = out->use_certificate_chain_file(settings.certificate.string(), error);
  if (!error) error = out->use_private_key_file(settings.key.string(), asio::ssl::context::pem, error);
  if (error)
    throw Error(ErrorCode::state,
                fmt::format("the certificate {} and its key {} cannot be used: {}",
                            settings.certificate.string(), settings.key.string(), error.message()));
  return out;
}

}  // namespace

struct Server::Impl {
  Impl(ServerSettings given, Gate& gate) : settings(std::move(given)), tls(tlsContext(settings)) {
    for (int i = 0; i < std::max(1, settings.threads); ++i)
      lanes.push_back(std::make_unique<Lane>(settings, gate, tls.get()));
    acceptor.emplace(lanes.front()->context);
    bind();
    accept();
    for (auto& lane : lanes) {
      sweeps.emplace_back(lane->context);
      works.emplace_back(lane->context.get_executor());
    }
    for (std::size_t i = 0; i < lanes.size(); ++i) {
      sweep(i);
      threads.emplace_back([&context = lanes[i]->context] { context.run(); });
    }
  }

  ~Impl() {
    for (std::size_t i = 0; i < lanes.size(); ++i)
      asio::post(lanes[i]->context, [this, i] {
        if (i == 0) acceptor->close();
        for (const auto& connection : std::set(lanes[i]->open)) connection->close("the server is stopped");
        lanes[i]->context.stop();
      });
    for (auto& thread : threads) thread.join();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void bind() {
    error_code error;
    const auto ip =
        asio::ip::make_address(settings.address == "localhost" ? "127.0.0.1" : settings.address, error);
    if (error)
      throw Error(ErrorCode::usage,
                  fmt::format("\"{}\" is not an IP address to listen on", settings.address));
    const tcp::endpoint endpoint(ip, settings.port);
    acceptor->open(endpoint.protocol());
    acceptor->set_option(tcp::acceptor::reuse_address(true));
    error = acceptor->bind(endpoint, error);
    if (!error) error = acceptor->listen(asio::socket_base::max_listen_connections, error);
    if (error)
      throw Error(ErrorCode::conflict, fmt::format("cannot take streams on {}:{}: {}", settings.address,
                                                   settings.port, error.message()));
  }

  void accept() {
    auto& lane = *lanes[next++ % lanes.size()];
    acceptor->async_accept(lane.context, [this, &lane](error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (!error)
        asio::post(lane.context, [this, &lane, held = std::make_shared<tcp::socket>(std::move(socket))] {
          if (lane.open.size() < settings.connections / lanes.size() + 1)
            std::make_shared<Connection>(lane, std::move(*held))->start();
        });
      accept();
    });
  }

  void sweep(std::size_t lane) {
    sweeps[lane].expires_after(std::chrono::seconds(1));
    sweeps[lane].async_wait([this, lane](error_code error) {
      if (error) return;
      const auto now = std::chrono::steady_clock::now();
      for (const auto& connection : std::set(lanes[lane]->open)) connection->check(now);
      sweep(lane);
    });
  }

  ServerSettings settings;
  std::unique_ptr<asio::ssl::context> tls;
  std::vector<std::unique_ptr<Lane>> lanes;
  std::optional<tcp::acceptor> acceptor;
  std::vector<asio::steady_timer> sweeps;
  std::vector<asio::executor_work_guard<asio::io_context::executor_type>> works;
  std::size_t next = 0;
  std::vector<std::thread> threads;
};

Server::Server(ServerSettings settings, Gate& gate)
    : impl_(std::make_unique<Impl>(std::move(settings), gate)) {}
Server::~Server() = default;

std::uint16_t Server::port() const { return impl_->acceptor->local_endpoint().port(); }

}  // namespace athanor::recorder::rtmp
