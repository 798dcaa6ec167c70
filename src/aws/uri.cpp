#include "aws/uri.h"

#include <charconv>

#include "aws/text.h"

namespace athanor::aws {

bool Uri::loopback() const { return host == "localhost" || host == "::1" || host.starts_with("127."); }

std::optional<Uri> parseUri(std::string_view url) {
  const auto colon = url.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  Uri out;
  out.scheme = lower(url.substr(0, colon));
  if (out.scheme != "http" && out.scheme != "https") return std::nullopt;
  const std::uint16_t usual = out.scheme == "https" ? 443 : 80;
  url.remove_prefix(colon + 3);
  url = url.substr(0, url.find('#'));
  auto authority = url.substr(0, url.find_first_of("/?"));
  auto rest = url.substr(authority.size());
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
  std::string_view host = authority, port;
  const auto bracket = authority.rfind(']');
  const auto mark = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (mark != std::string_view::npos) {
    host = authority.substr(0, mark);
    port = authority.substr(mark + 1);
  }
  if (host.empty()) return std::nullopt;
  out.port = usual;
  if (!port.empty()) {
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
    if (error != std::errc{} || end != port.data() + port.size()) return std::nullopt;
  }
  out.authority = lower(host);
  if (out.port != usual) out.authority += ":" + std::to_string(out.port);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  out.host = lower(host);
  const auto question = rest.find('?');
  out.path = rest.substr(0, question);
  if (out.path.empty()) out.path = "/";
  if (question != std::string_view::npos) out.query = rest.substr(question + 1);
  return out;
}

std::string percentEncode(std::string_view text, bool keepSlash) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~' || (c == '/' && keepSlash);
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += digits[byte >> 4U];
      out += digits[byte & 15U];
    }
  }
  return out;
}

std::string percentDecode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16).ptr == text.data() + i + 3) {
      out += static_cast<char>(value);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> parseQuery(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> out;
  while (!query.empty()) {
    const auto part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(part.size() + 1, query.size()));
    if (part.empty()) continue;
    const auto equals = part.find('=');
    out.emplace_back(percentDecode(part.substr(0, equals)),
                     equals == std::string_view::npos ? "" : percentDecode(part.substr(equals + 1)));
  }
  return out;
}

std::string formBody(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string out;
  for (const auto& [key, value] : fields)
    out += (out.empty() ? "" : "&") + percentEncode(key) + "=" + percentEncode(value);
  return out;
}

}  // namespace athanor::aws
