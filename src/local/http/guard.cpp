#include "local/http/guard.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>

#include "base/json.h"

namespace athanor::local::http {

namespace {

/// The host of "host:port" or "[v6]:port".
std::string hostOf(std::string_view authority) {
  if (authority.starts_with('[')) return std::string(authority.substr(1, authority.find(']') - 1));
  return std::string(authority.substr(0, authority.find(':')));
}

bool isAddress(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> ignored{};
  return ::inet_pton(AF_INET, host.c_str(), ignored.data()) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), ignored.data()) == 1;
}

}  // namespace

Response problem(unsigned status, std::string_view message, std::string_view next) {
  Json body = {{"message", message}};
  if (!next.empty()) body["next"] = next;
  return {status,
          {{"Content-Type", "application/json"}},
          body.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"};
}

std::optional<Response> refusalOfStrangers(const Request& request) {
  const auto host = request.header("host");
  const auto name = hostOf(host);
  if (name != "localhost" && !isAddress(name))
    return problem(403, fmt::format("the host \"{}\" may be anybody's name for this server", host),
                   "Ask by IP address or as localhost.");
  const auto origin = request.header("origin");
  if (!origin.empty() && origin != fmt::format("http://{}", host) &&
      origin != fmt::format("https://{}", host))
    return problem(403, fmt::format("pages of {} may not change this server", origin));
  const auto type = request.header("content-type");
  if (!request.body.empty() && type.substr(0, type.find(';')) != "application/json")
    return problem(415, fmt::format("the body's Content-Type is \"{}\"", type),
                   "Send JSON as application/json.");
  return {};
}

}  // namespace athanor::local::http
