#include "aws/sigv4.h"

#include <fmt/chrono.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <set>

#include "aws/text.h"
#include "aws/uri.h"
#include "base/hex.h"

namespace athanor::aws::sigv4 {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
using Digest = std::array<unsigned char, 32>;

std::string_view text(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

Digest hmac(std::span<const unsigned char> key, std::string_view data) {
  Digest out{};
  unsigned length = out.size();
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(data.data()), data.size(), out.data(), &length);
  return out;
}

std::string normalized(std::string_view path) {
  std::vector<std::string_view> kept;
  for (std::size_t begin = 0; begin < path.size();) {
    const auto end = std::min(path.find('/', begin), path.size());
    const auto part = path.substr(begin, end - begin);
    if (part == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (!part.empty() && part != ".") {
      kept.push_back(part);
    }
    begin = end + 1;
  }
  std::string out;
  for (auto part : kept) out.append("/").append(part);
  const bool folder = path.ends_with('/') || path.ends_with("/.") || path.ends_with("/..");
  if (out.empty() || folder) out += '/';
  return out;
}

std::string canonicalPath(const std::string& path, const Rules& rules) {
  const auto plain = rules.normalizePath ? normalized(path) : path;
  return percentEncode(rules.encodePath ? plain : percentDecode(plain), true);
}

std::string canonicalQuery(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> sorted;
  for (auto& [key, value] : parseQuery(query))
    if (key != "X-Amz-Signature") sorted.emplace_back(percentEncode(key), percentEncode(value));
  std::ranges::sort(sorted);
  std::string out;
  for (const auto& [key, value] : sorted) {
    if (!out.empty()) out += '&';
    out.append(key).append("=").append(value);
  }
  return out;
}

/// A header's value without outer white space, and with inner runs of it made one space.
std::string collapsed(std::string_view value) {
  std::string out;
  for (char c : trim(value)) {
    const bool space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!space)
      out += c;
    else if (out.back() != ' ')
      out += ' ';
  }
  return out;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto part = text.substr(0, text.find(separator));
    out.emplace_back(part);
    text.remove_prefix(std::min(part.size() + 1, text.size()));
  }
  return out;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (const auto& part : parts) out += (out.empty() ? "" : std::string(separator)) + part;
  return out;
}

/// The headers to sign, sorted: all but those that a client or proxy sets or changes on the way.
std::vector<std::string> signedNames(const Headers& headers) {
  static constexpr std::array<std::string_view, 9> skipped = {
      "accept-encoding",   "authorization", "connection", "expect",         "te",
      "transfer-encoding", "upgrade",       "user-agent", "x-amzn-trace-id"};
  std::set<std::string> names;
  for (const auto& [key, value] : headers)
    if (auto name = lower(key); std::ranges::find(skipped, name) == skipped.end()) names.insert(name);
  return {names.begin(), names.end()};
}

std::string scopeText(std::string_view date, const Scope& scope) {
  return fmt::format("{}/{}/{}/aws4_request", date, scope.region, scope.service);
}

Wire wireOf(const HttpRequest& request) {
  const auto uri = parseUri(request.url);
  if (!uri) throw Error(ErrorCode::usage, "\"" + request.url + "\" is no http or https URL");
  Wire wire{request.method, uri->path, uri->query, request.headers, request.body};
  if (header(wire.headers, "host").empty()) wire.headers.emplace_back("Host", uri->authority);
  return wire;
}

/// Fills accessKeyId, date, scope and terminator from "AKID/20150830/us-east-1/service/aws4_request".
void readCredential(std::string_view credential, Authorization& out) {
  out.credential = credential;
  const auto parts = split(credential, '/');
  if (parts.size() < 5) return;
  const auto last = parts.size() - 1;
  // The access key may hold slashes, so count from the end.
  out.accessKeyId = join({parts.begin(), parts.end() - 4}, "/");
  out.date = parts[last - 3];
  out.scope = {parts[last - 2], parts[last - 1]};
  out.terminator = parts[last];
}

std::vector<std::string> signedHeadersOf(std::string_view text) {
  auto out = split(text, ';');
  for (auto& name : out) name = lower(name);
  return out;
}

std::optional<Authorization> fromQuery(const Wire& wire) {
  std::map<std::string, std::string> query;
  for (auto& [key, value] : parseQuery(wire.query)) query.emplace(key, value);
  if (!query.contains("X-Amz-Algorithm")) return std::nullopt;
  Authorization out;
  out.query = true;
  out.algorithm = query["X-Amz-Algorithm"];
  readCredential(query["X-Amz-Credential"], out);
  out.signedHeaders = signedHeadersOf(query["X-Amz-SignedHeaders"]);
  out.signature = query["X-Amz-Signature"];
  out.time = query["X-Amz-Date"];
  out.expires = query["X-Amz-Expires"];
  return out;
}

}  // namespace

std::string sha256(std::string_view data) {
  Digest out{};
  unsigned length = out.size();
  EVP_Digest(data.data(), data.size(), out.data(), &length, EVP_sha256(), nullptr);
  return hex(text(out));
}

bool same(std::string_view left, std::string_view right) {
  return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

std::string amzTime(std::chrono::system_clock::time_point time) {
  return fmt::format("{:%Y%m%dT%H%M%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

std::optional<std::chrono::system_clock::time_point> parseAmzTime(std::string_view text) {
  if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z') return std::nullopt;
  auto number = [&](std::size_t at, std::size_t count) {
    int value = -1;
    const auto* end = text.data() + at + count;
    return std::from_chars(text.data() + at, end, value).ptr == end ? value : -1;
  };
  const std::chrono::year_month_day day{std::chrono::year(number(0, 4)),
                                        std::chrono::month(static_cast<unsigned>(number(4, 2))),
                                        std::chrono::day(static_cast<unsigned>(number(6, 2)))};
  const int hours = number(9, 2), minutes = number(11, 2), seconds = number(13, 2);
  if (!day.ok() || hours < 0 || minutes < 0 || seconds < 0) return std::nullopt;
  return std::chrono::sys_days(day) + std::chrono::hours(hours) + std::chrono::minutes(minutes) +
         std::chrono::seconds(seconds);
}

std::string canonicalRequest(const Wire& wire, const std::vector<std::string>& signedHeaders,
                             std::string_view payloadHash, const Rules& rules) {
  std::map<std::string, std::string> values;
  for (const auto& [key, value] : wire.headers) {
    auto [at, fresh] = values.try_emplace(lower(key));
    at->second += (fresh ? "" : ",") + collapsed(value);
  }
  std::string headers;
  for (const auto& name : signedHeaders) headers += name + ":" + values[name] + "\n";
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}", wire.method, canonicalPath(wire.path, rules),
                     canonicalQuery(wire.query), headers, join(signedHeaders, ";"), payloadHash);
}

std::string stringToSign(std::string_view time, const Scope& scope, std::string_view canonical) {
  return fmt::format("{}\n{}\n{}\n{}", algorithm, time, scopeText(time.substr(0, 8), scope),
                     sha256(canonical));
}

std::string signature(std::string_view secretAccessKey, std::string_view time, const Scope& scope,
                      std::string_view toSign) {
  const auto secret = "AWS4" + std::string(secretAccessKey);
  auto key = hmac({reinterpret_cast<const unsigned char*>(secret.data()), secret.size()}, time.substr(0, 8));
  key = hmac(key, scope.region);
  key = hmac(key, scope.service);
  key = hmac(key, "aws4_request");
  return hex(text(hmac(key, toSign)));
}

void sign(HttpRequest& request, const Key& key, const Scope& scope, std::chrono::system_clock::time_point now,
          const Rules& rules) {
  const auto time = amzTime(now);
  const auto payload = rules.payloadHash.empty() ? sha256(request.body) : rules.payloadHash;
  request.headers.emplace_back("X-Amz-Date", time);
  if (rules.payloadHeader) request.headers.emplace_back("X-Amz-Content-Sha256", payload);
  const auto token = [&] {
    if (!key.sessionToken.empty()) request.headers.emplace_back("X-Amz-Security-Token", key.sessionToken);
  };
  if (rules.signSessionToken) token();
  const auto wire = wireOf(request);
  const auto names = signedNames(wire.headers);
  const auto toSign = stringToSign(time, scope, canonicalRequest(wire, names, payload, rules));
  request.headers.emplace_back(
      "Authorization", fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", algorithm,
                                   key.accessKeyId, scopeText(time.substr(0, 8), scope), join(names, ";"),
                                   signature(key.secretAccessKey, time, scope, toSign)));
  if (!rules.signSessionToken) token();
}

std::string presign(const HttpRequest& request, const Key& key, const Scope& scope,
                    std::chrono::system_clock::time_point now, std::chrono::seconds expires,
                    const Rules& rules) {
  const auto time = amzTime(now);
  auto wire = wireOf(request);
  const auto names = signedNames(wire.headers);
  auto add = [&](std::string_view name, std::string_view value) {
    wire.query += fmt::format("{}{}={}", wire.query.empty() ? "" : "&", name, percentEncode(value));
  };
  add("X-Amz-Algorithm", algorithm);
  add("X-Amz-Credential", key.accessKeyId + "/" + scopeText(time.substr(0, 8), scope));
  add("X-Amz-Date", time);
  add("X-Amz-Expires", std::to_string(expires.count()));
  add("X-Amz-SignedHeaders", join(names, ";"));
  if (!key.sessionToken.empty() && rules.signSessionToken) add("X-Amz-Security-Token", key.sessionToken);
  const auto payload = rules.payloadHash.empty() ? sha256(request.body) : rules.payloadHash;
  const auto toSign = stringToSign(time, scope, canonicalRequest(wire, names, payload, rules));
  add("X-Amz-Signature", signature(key.secretAccessKey, time, scope, toSign));
  if (!key.sessionToken.empty() && !rules.signSessionToken) add("X-Amz-Security-Token", key.sessionToken);
  return request.url.substr(0, request.url.find('?')) + "?" + wire.query;
}

std::optional<Authorization> authorizationOf(const Wire& wire) {
  const auto header = aws::header(wire.headers, "authorization");
  const auto text = trim(header);
  if (text.empty()) return fromQuery(wire);
  Authorization out;
  out.algorithm = text.substr(0, text.find_first_of(" \t,"));
  for (const auto& part : split(text.substr(out.algorithm.size()), ',')) {
    const auto field = trim(part);
    if (field.empty()) continue;
    const auto equals = field.find('=');
    if (equals == std::string_view::npos) {
      if (out.strange.empty()) out.strange = field;
      continue;
    }
    const auto name = field.substr(0, equals), value = field.substr(equals + 1);
    if (name == "Credential") readCredential(value, out);
    if (name == "SignedHeaders") out.signedHeaders = signedHeadersOf(value);
    if (name == "Signature") out.signature = value;
  }
  out.time = aws::header(wire.headers, "x-amz-date");
  if (out.time.empty()) out.time = aws::header(wire.headers, "date");
  return out;
}

Expected expectedOf(const Wire& wire, const Authorization& claimed, std::string_view secretAccessKey,
                    std::string_view payloadHash, const Rules& rules) {
  Expected out;
  out.canonicalRequest = canonicalRequest(wire, claimed.signedHeaders, payloadHash, rules);
  out.stringToSign = stringToSign(claimed.time, claimed.scope, out.canonicalRequest);
  out.signature = signature(secretAccessKey, claimed.time, claimed.scope, out.stringToSign);
  return out;
}

}  // namespace athanor::aws::sigv4
