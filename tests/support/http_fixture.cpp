#include "support/http_fixture.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace athanor::test {
namespace {

/// Reads one request; false when the peer has closed.
bool readRequest(int socket, std::string& buffer, HttpFixture::Request& out) {
  auto more = [&] {
    char chunk[16384];
    const auto count = ::recv(socket, chunk, sizeof chunk, 0);
    if (count > 0) buffer.append(chunk, static_cast<std::size_t>(count));
    return count > 0;
  };
  std::size_t end = 0;
  while ((end = buffer.find("\r\n\r\n")) == std::string::npos)
    if (!more()) return false;
  std::size_t at = buffer.find("\r\n");
  const auto line = buffer.substr(0, at);
  out.method = line.substr(0, line.find(' '));
  out.target = line.substr(line.find(' ') + 1, line.rfind(' ') - line.find(' ') - 1);
  while (at < end) {
    at += 2;
    const auto next = buffer.find("\r\n", at);
    auto field = buffer.substr(at, next - at);
    auto colon = field.find(':');
    auto name = field.substr(0, colon);
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
    out.headers[name] = field.substr(std::min(field.find_first_not_of(' ', colon + 1), field.size()));
    at = next;
  }
  const auto length = out.headers.contains("content-length") ? std::stoul(out.headers["content-length"]) : 0;
  while (buffer.size() < end + 4 + length)
    if (!more()) return false;
  out.body = buffer.substr(end + 4, length);
  buffer.erase(0, end + 4 + length);
  return true;
}

bool write(int socket, std::string_view text) {
  while (!text.empty()) {
    const auto count = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace

HttpFixture::HttpFixture(Script script) : script_(std::move(script)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, plain, size) != 0 || ::listen(listener_, 512) != 0 ||
      ::getsockname(listener_, plain, &size) != 0)
    throw std::runtime_error("the test's HTTP server cannot listen");
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept(); });
}

HttpFixture::~HttpFixture() {
  stopping_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  {
    std::scoped_lock lock(mutex_);
    for (int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  }
  for (auto& thread : threads_) thread.join();
  for (int socket : sockets_) ::close(socket);
  ::close(listener_);
}

std::vector<HttpFixture::Request> HttpFixture::requests() const {
  std::scoped_lock lock(mutex_);
  return requests_;
}

void HttpFixture::accept() {
  for (int connection = 1; !stopping_; ++connection) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    const int yes = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    std::scoped_lock lock(mutex_);
    sockets_.push_back(socket);
    threads_.emplace_back([this, socket, connection] { serve(socket, connection); });
  }
}

void HttpFixture::serve(int socket, int connection) {
  std::string buffer;
  for (Request request; readRequest(socket, buffer, request); request = {}) {
    request.connection = connection;
    const int now = ++atOnce_;
    for (int most = mostAtOnce_; now > most && !mostAtOnce_.compare_exchange_weak(most, now);) {
    }
    {
      std::scoped_lock lock(mutex_);
      requests_.push_back(request);
    }
    const auto reply = script_(request);
    if (reply.delay.count() > 0) std::this_thread::sleep_for(reply.delay);
    --atOnce_;
    if (reply.drop == Reply::Drop::afterRequest) break;
    std::string text = "HTTP/1.1 " + std::to_string(reply.status) + " Scripted\r\n";
    for (const auto& [key, value] : reply.headers) text += key + ": " + value + "\r\n";
    text += "Content-Length: " + std::to_string(reply.body.size()) + "\r\n\r\n" + reply.body;
    if (reply.drop == Reply::Drop::midAnswer) text.resize(text.size() - (reply.body.size() + 1) / 2);
    if (!write(socket, text) || reply.drop != Reply::Drop::never) break;
  }
  ::shutdown(socket, SHUT_RDWR);
}

}  // namespace athanor::test
