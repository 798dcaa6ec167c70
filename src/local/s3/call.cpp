#include "local/s3/call.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "aws/uri.h"

namespace athanor::local::s3 {

namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isLower(char c) { return c >= 'a' && c <= 'z'; }

/// Where S3 begins in the labels of a host: "s3.localhost" in "a.b.s3.localhost"; npos where it does not.
std::size_t serviceAt(const std::string& host) {
  if (host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn"))
    for (auto at = host.find("s3"); at != std::string::npos; at = host.find("s3", at + 1)) {
      const bool begins = at == 0 || host[at - 1] == '.';
      const auto after = host[at + 2];
      // The last such label: a bucket's name may hold "s3" too.
      if (begins && (after == '.' || after == '-') && host.find(".s3.", at) == std::string::npos &&
          host.find(".s3-", at) == std::string::npos)
        return at;
    }
  if (host == "localhost" || host == "s3.localhost") return 0;
  if (host.ends_with(".s3.localhost")) return host.size() - std::string_view("s3.localhost").size();
  if (host.ends_with(".localhost")) return host.size() - std::string_view("localhost").size();
  return std::string::npos;
}

bool isIpAddress(const std::string& name) {
  std::array<unsigned char, sizeof(in_addr)> ignored{};
  return ::inet_pton(AF_INET, name.c_str(), ignored.data()) == 1;
}

/// Bytes that follow the first byte of a character in UTF-8 (RFC 3629); -1 where it begins none.
int following(unsigned char first) {
  if (first < 0x80) return 0;
  if (first >= 0xC2 && first <= 0xDF) return 1;
  if (first >= 0xE0 && first <= 0xEF) return 2;
  if (first >= 0xF0 && first <= 0xF4) return 3;
  return -1;
}

}  // namespace

std::optional<std::string> Call::parameter(std::string_view name) const {
  const auto found = std::ranges::find(query, name, &std::pair<std::string, std::string>::first);
  if (found == query.end()) return {};
  return found->second;
}

std::string hostBucket(std::string_view host) {
  if (host.starts_with('[')) return "";
  std::string name(host.substr(0, host.find(':')));
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  const auto at = serviceAt(name);
  if (at == std::string::npos || at == 0) return "";
  return name.substr(0, at - 1);
}

Call callOf(const http::Request& request) {
  Call out{request, hostBucket(request.header("host")), "", aws::parseQuery(request.query)};
  auto path = std::string_view(request.path);
  if (path.starts_with('/')) path.remove_prefix(1);
  if (out.bucket.empty()) {
    const auto slash = path.find('/');
    out.bucket = aws::percentDecode(path.substr(0, slash));
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  }
  out.key = aws::percentDecode(path);
  return out;
}

bool isBucketName(std::string_view name) {
  if (name.size() < 3 || name.size() > 63) return false;
  const auto edge = [](char c) { return isLower(c) || isDigit(c); };
  if (!edge(name.front()) || !edge(name.back()) || name.contains("..")) return false;
  if (!std::ranges::all_of(name, [&](char c) { return edge(c) || c == '-' || c == '.'; })) return false;
  for (const std::string_view prefix : {"xn--", "sthree-", "amzn-s3-demo-"})
    if (name.starts_with(prefix)) return false;
  for (const std::string_view suffix : {"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"})
    if (name.ends_with(suffix)) return false;
  return !isIpAddress(std::string(name));
}

bool isUtf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto first = static_cast<unsigned char>(text[i]);
    const int more = following(first);
    if (more < 0 || i + static_cast<std::size_t>(more) >= text.size()) return false;
    for (int k = 1; k <= more; ++k) {
      const auto next = static_cast<unsigned char>(text[i + static_cast<std::size_t>(k)]);
      const unsigned low = k > 1 ? 0x80 : first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
      const unsigned high = k > 1 ? 0xBF : first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
      if (next < low || next > high) return false;
    }
    i += static_cast<std::size_t>(more);
  }
  return true;
}

}  // namespace athanor::local::s3
