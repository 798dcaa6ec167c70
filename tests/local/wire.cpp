#include "wire.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

namespace athanor::local::test {

std::uint16_t portOf(const std::string& url) {
  return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
}

Wire::Wire(const std::string& url) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(portOf(url));
  ::inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
    throw std::runtime_error("no connection");
}

Wire::~Wire() { ::close(socket_); }

void Wire::send(const std::string& bytes) const {
  for (std::size_t at = 0; at < bytes.size();) {
    const auto sent = ::send(socket_, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
    if (sent <= 0) return;
    at += static_cast<std::size_t>(sent);
  }
}

void Wire::finish() const { ::shutdown(socket_, SHUT_WR); }

std::string Wire::receive(const std::string& end) {
  while (got_.find(end) == std::string::npos) {
    char buffer[4096];
    const auto size = ::recv(socket_, buffer, sizeof buffer, 0);
    if (size <= 0) return std::exchange(got_, "");
    got_.append(buffer, static_cast<std::size_t>(size));
  }
  const auto stop = got_.find(end) + end.size();
  auto out = got_.substr(0, stop);
  got_.erase(0, stop);
  return out;
}

Answer Wire::answer() {
  Answer out;
  out.head = receive("\r\n\r\n");
  if (!out.head.starts_with("HTTP/1.")) return out;
  out.status = std::stoi(out.head.substr(9));
  const std::string name = "Content-Length: ";
  const auto at = out.head.find(name);
  const auto length = at == std::string::npos ? 0 : std::stoul(out.head.substr(at + name.size()));
  char buffer[16384];
  while (got_.size() < length) {
    const auto size = ::recv(socket_, buffer, sizeof buffer, 0);
    if (size <= 0) break;
    got_.append(buffer, static_cast<std::size_t>(size));
  }
  out.body = got_.substr(0, length);
  got_.erase(0, length);
  return out;
}

Answer ask(const std::string& url, const std::string& request) {
  Wire wire(url);
  wire.send(request);
  wire.finish();
  return wire.answer();
}

std::string requestOf(const std::string& method, const std::string& path, const std::string& headers,
                      const std::string& body) {
  return method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string operationOf(const std::string& name, const Json& input, const std::string& headers) {
  return requestOf(
      "POST", "/",
      "X-Amz-Target: CloudApiService." + name + "\r\nContent-Type: application/x-amz-json-1.0\r\n" + headers,
      input.dump());
}

}  // namespace athanor::local::test
