#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace athanor::aws {

/// The parts of an http or https URL, as they stand in it (RFC 3986).
struct Uri {
  std::string scheme;     ///< lower case
  std::string host;       ///< lower case, without brackets
  std::uint16_t port;     ///< the scheme's own where the URL names none
  std::string authority;  ///< as the Host header has it: the port only where it is not the scheme's own
  std::string path;       ///< raw, at least "/"
  std::string query;      ///< raw, without "?"

  /// True for localhost, 127.0.0.0/8 and ::1.
  bool loopback() const;
};

/// None where `url` is no http or https URL with a host.
std::optional<Uri> parseUri(std::string_view url);

/// Percent-encodes everything but RFC 3986's unreserved characters, and "/" where `keepSlash`.
std::string percentEncode(std::string_view text, bool keepSlash = false);
/// Resolves percent-encoding; a "%" that introduces none stays.
std::string percentDecode(std::string_view text);

/// "a=b&c" as decoded pairs, in their order.
std::vector<std::pair<std::string, std::string>> parseQuery(std::string_view query);
/// The body of an application/x-www-form-urlencoded request.
std::string formBody(const std::vector<std::pair<std::string, std::string>>& fields);

}  // namespace athanor::aws
