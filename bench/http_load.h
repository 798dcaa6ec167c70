#pragma once

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// One thread that keeps a request in flight on each of many connections.
namespace athanor::bench {

inline std::string postRequest(std::string_view target, std::string_view contentType,
                               const std::string& body) {
  return fmt::format(
      "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Amz-Target: {}\r\nContent-Type: {}\r\nAuthorization: "
      "AWS4-HMAC-SHA256 "
      "Credential=test/20260101/us-east-1/cloudcontrolapi/aws4_request, SignedHeaders=host, "
      "Signature=00\r\nContent-Length: {}\r\n\r\n{}",
      target, contentType, body.size(), body);
}

class LoadConnection {
 public:
  explicit LoadConnection(std::uint16_t port) : port_(port) { open(); }
  ~LoadConnection() { ::close(socket_); }
  LoadConnection(const LoadConnection&) = delete;
  LoadConnection& operator=(const LoadConnection&) = delete;

  int socket() const { return socket_; }
  std::chrono::steady_clock::time_point sent() const { return sent_; }

  void send(const std::string& request) {
    got_.clear();
    sent_ = std::chrono::steady_clock::now();
    if (::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
      throw std::runtime_error("cannot send");
  }
  /// Reads what is there; the answer's body once it is whole, which must be of status 200; else nothing.
  std::string_view receive() {
    char buffer[65536];
    const auto size = ::recv(socket_, buffer, sizeof buffer, 0);
    if (size <= 0) throw std::runtime_error("the connection broke");
    got_.append(buffer, static_cast<std::size_t>(size));
    const auto head = got_.find("\r\n\r\n");
    if (head == std::string::npos) return {};
    const auto length = std::strtoul(got_.c_str() + got_.find("Content-Length: ") + 16, nullptr, 10);
    if (got_.size() < head + 4 + length) return {};
    if (!got_.starts_with("HTTP/1.1 200")) throw std::runtime_error(got_);
    return std::string_view(got_).substr(head + 4);
  }

  /// True where the server closes after the last answer; reopen() then takes a new connection.
  bool closes() const { return got_.find("\r\nConnection: close") < got_.find("\r\n\r\n"); }
  void reopen() {
    ::close(socket_);
    open();
  }

 private:
  void open() {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port_);
    ::inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
      throw std::runtime_error("cannot connect");
  }

  std::uint16_t port_;
  int socket_ = -1;
  std::string got_;
  std::chrono::steady_clock::time_point sent_;
};

/// How a load went.
struct Load {
  double seconds = 0;
  double cpu = 0;                 ///< seconds of this thread
  std::vector<double> latencies;  ///< milliseconds, sorted

  std::size_t requests() const { return latencies.size(); }
  double percentile(double of) const {
    const auto at = static_cast<std::size_t>(of / 100.0 * static_cast<double>(latencies.size()));
    return latencies[std::min(at, latencies.size() - 1)];
  }
};

inline double threadCpu() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

/// Sends `count` requests over `clients` connections, each the next of `request` as soon as its last was
/// answered; `hear` is told the answers' bodies.
inline Load exert(std::uint16_t port, std::size_t clients, std::size_t count,
                  const std::function<std::string(std::size_t)>& request,
                  const std::function<void(std::string_view)>& hear) {
  const int poll = ::epoll_create1(EPOLL_CLOEXEC);
  std::vector<std::unique_ptr<LoadConnection>> connections;
  const auto watch = [poll](LoadConnection& one) {
    epoll_event event{.events = EPOLLIN, .data = {.ptr = &one}};
    ::epoll_ctl(poll, EPOLL_CTL_ADD, one.socket(), &event);
  };
  for (std::size_t i = 0; i < std::min(clients, count); ++i)
    watch(*connections.emplace_back(std::make_unique<LoadConnection>(port)));
  Load out;
  out.latencies.reserve(count);
  const auto begin = std::chrono::steady_clock::now();
  const auto cpu = threadCpu();
  std::size_t next = 0;
  for (auto& one : connections) one->send(request(next++));
  std::vector<epoll_event> events(connections.size());
  while (out.latencies.size() < count) {
    const int ready = ::epoll_wait(poll, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < ready; ++i) {
      auto& one = *static_cast<LoadConnection*>(events[static_cast<std::size_t>(i)].data.ptr);
      const auto answer = one.receive();
      if (answer.empty()) continue;
      out.latencies.push_back(
          std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - one.sent()).count());
      if (hear) hear(answer);
      if (one.closes()) {
        one.reopen();
        watch(one);
      }
      if (next < count) one.send(request(next++));
    }
  }
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  out.cpu = threadCpu() - cpu;
  std::ranges::sort(out.latencies);
  ::close(poll);
  return out;
}

}  // namespace athanor::bench
