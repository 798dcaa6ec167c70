#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace athanor::test {

/// An HTTP server on loopback that answers, delays and breaks off as a test says. Each connection has a
/// thread of its own.
class HttpFixture {
 public:
  struct Request {
    std::string method, target;
    std::map<std::string, std::string> headers;  ///< names in lower case
    std::string body = {};
    int connection = 0;  ///< counts from 1: requests with the same number came over one connection
  };
  struct Reply {
    enum class Drop : std::uint8_t { never, afterRequest, midAnswer, afterAnswer };
    int status = 200;
    std::string body = {};
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::chrono::milliseconds delay{0};
    Drop drop = Drop::never;
  };
  using Script = std::function<Reply(const Request&)>;

  explicit HttpFixture(Script script);
  ~HttpFixture();
  HttpFixture(const HttpFixture&) = delete;
  HttpFixture& operator=(const HttpFixture&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  int port() const { return port_; }
  /// All requests so far, in the order they arrived.
  std::vector<Request> requests() const;
  /// The most requests that were being answered at one time.
  int mostAtOnce() const { return mostAtOnce_; }

 private:
  void accept();
  void serve(int socket, int connection);

  Script script_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> atOnce_{0}, mostAtOnce_{0};
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  std::vector<Request> requests_;
  std::vector<int> sockets_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace athanor::test
