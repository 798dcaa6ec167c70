#include "recorder/ingest/rtmp/connection.h"

#include <fmt/format.h>

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "recorder/codec/malformed.h"

namespace athanor::recorder::rtmp {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t sendMost = std::size_t{64} * 1024;  // answers that a publisher may leave unread
constexpr std::chrono::milliseconds backlogPause{20};

std::string textOf(const asio::ip::tcp::endpoint& peer) {
  return fmt::format(fmt::runtime(peer.address().is_v6() ? "[{}]:{}" : "{}:{}"), peer.address().to_string(),
                     peer.port());
}

}  // namespace

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

}  // namespace athanor::recorder::rtmp
