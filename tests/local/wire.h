#pragma once

#include <cstdint>
#include <string>

#include "base/json.h"

namespace athanor::local::test {

std::uint16_t portOf(const std::string& url);

/// An answer as it came.
struct Answer {
  int status = 0;  ///< 0 where there was none
  std::string head;
  std::string body;
  Json json() const { return Json::parse(body); }
};

/// A connection that sends bytes as they are.
class Wire {
 public:
  explicit Wire(const std::string& url);
  ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  void send(const std::string& bytes) const;
  /// Says that nothing more will be sent.
  void finish() const;
  /// Everything up to and including `end`, or up to the end of the connection.
  std::string receive(const std::string& end);
  /// The next answer, by its Content-Length.
  Answer answer();
  std::string rest() { return receive("\x01 never"); }

 private:
  int socket_;
  std::string got_;
};

/// What a server answers to one request on a connection of its own, which is closed after it.
Answer ask(const std::string& url, const std::string& request);

/// A request as bytes: "POST" "/" with `headers`, each ended by CR LF, and a Content-Length.
std::string requestOf(const std::string& method, const std::string& path, const std::string& headers = "",
                      const std::string& body = "");
/// One of an operation of Cloud Control.
std::string operationOf(const std::string& name, const Json& input, const std::string& headers = "");

}  // namespace athanor::local::test
