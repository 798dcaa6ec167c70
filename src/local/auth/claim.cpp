#include "local/auth/claim.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>

#include "aws/uri.h"
#include "local/sts/sts.h"

namespace athanor::local::auth {

namespace {

std::string tokenOf(const http::Request& request) {
  if (const auto sent = request.header("x-amz-security-token"); !sent.empty()) return std::string(sent);
  for (auto& [key, value] : aws::parseQuery(request.query))
    if (key == "X-Amz-Security-Token") return value;
  return "";
}

/// Fills how the request is written, and what service it can only be for.
void place(Claim& claim) {
  const auto& request = claim.request;
  const auto target = request.header("x-amz-target");
  const auto service = claim.authorization ? claim.authorization->scope.service : "";
  if (!target.empty()) {
    if (target.starts_with("CloudApiService.")) claim.service = "cloudcontrolapi";
  } else if (sts::isQuery(request)) {
    claim.protocol = Protocol::query;
    if (sts::isSts(request)) claim.service = "sts";
  } else if (service.empty() || service == "s3") {
    claim.protocol = Protocol::s3;
    claim.service = "s3";
  }
}

}  // namespace

Claim claimOf(const http::Request& request, Time now) {
  Claim out{.wire = {request.method, request.path, request.query, request.headers, ""},
            .request = request,
            .authorization = {},
            .sessionToken = tokenOf(request),
            .protocol = Protocol::json,
            .service = "",
            .now = now};
  out.authorization = aws::sigv4::authorizationOf(out.wire);
  place(out);
  return out;
}

std::string payloadHash(const http::Request& request) {
  if (!request.bodyFile) return aws::sigv4::sha256(request.body);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr);
  std::vector<char> piece(std::size_t{256} * 1024);
  off_t at = 0;
  for (ssize_t size = 0; (size = ::pread(request.bodyFile->descriptor(), piece.data(), piece.size(), at)) > 0;
       at += size)
    EVP_DigestUpdate(digest.get(), piece.data(), static_cast<std::size_t>(size));
  std::array<unsigned char, 32> bytes{};
  unsigned size = bytes.size();
  EVP_DigestFinal_ex(digest.get(), bytes.data(), &size);
  std::string out;
  for (const auto byte : bytes) out += fmt::format("{:02x}", byte);
  return out;
}

bool isRegion(std::string_view text) {
  const auto last = text.rfind('-');
  if (last == std::string_view::npos || text.size() > 32) return false;
  const auto name = text.substr(0, last), number = text.substr(last + 1);
  return name.size() >= 5 && name.contains('-') && !number.empty() &&
         std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; }) &&
         std::ranges::all_of(number, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace athanor::local::auth
