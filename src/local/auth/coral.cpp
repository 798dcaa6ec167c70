#include <fmt/format.h>

#include <array>

#include "aws/text.h"
#include "aws/uri.h"
#include "local/auth/claim.h"

/// The checks of AWS's JSON and query services, in AWS's order and words. Sources of both: what clients
/// report of AWS, dynalite's notes of DynamoDB's order, and scratchstack-aws-signature's captures of AWS.
namespace athanor::local::auth {

namespace {

using std::chrono::minutes;
namespace sigv4 = aws::sigv4;

enum class Kind : std::uint8_t { missing, incomplete, mismatch, unknownKey, expiredToken };

Refusal refusal(const Claim& claim, Kind kind, const std::string& message) {
  struct Names {
    const char* json;
    const char* query;
    unsigned queryStatus;
  };
  static constexpr std::array<Names, 5> all = {{
      {"MissingAuthenticationTokenException", "MissingAuthenticationToken", 403},
      {"IncompleteSignatureException", "IncompleteSignature", 400},
      {"InvalidSignatureException", "SignatureDoesNotMatch", 403},
      {"UnrecognizedClientException", "InvalidClientTokenId", 403},
      {"ExpiredTokenException", "ExpiredToken", 403},
  }};
  const auto& names = all[static_cast<std::size_t>(kind)];
  if (claim.protocol == Protocol::query) return {names.queryStatus, names.query, message};
  return {400, fmt::format("com.amazon.coral.service#{}", names.json), message};
}

void checkPresence(const Claim& claim) {
  const auto& said = claim.authorization;
  if (!said || (!said->query && !said->algorithm.starts_with("AWS")))
    throw refusal(claim, Kind::missing, "Request is missing Authentication Token");
  bool both = false;
  if (!said->query)
    for (const auto& [key, value] : aws::parseQuery(claim.wire.query))
      both = both || key == "X-Amz-Algorithm";
  if (both)
    throw refusal(claim, Kind::mismatch,
                  "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.");
}

void checkForm(const Claim& claim) {
  const auto& said = *claim.authorization;
  if (said.algorithm != "AWS4-HMAC-SHA256")
    throw refusal(claim, Kind::incomplete, fmt::format("Unsupported AWS 'algorithm': '{}'.", said.algorithm));
  if (!said.strange.empty())
    throw refusal(claim, Kind::incomplete,
                  fmt::format("'{}' not a valid key=value pair (missing equal-sign) in Authorization header: "
                              "'{}'.",
                              said.strange, claim.request.header("authorization")));
  std::string lacks;
  const auto need = [&](const std::string& value, std::string_view name) {
    if (!value.empty()) return;
    lacks += said.query ? fmt::format("AWS query-string parameters must include 'X-Amz-{}'. ", name)
                        : fmt::format("Authorization header requires '{}' parameter. ", name);
  };
  need(said.credential, "Credential");
  need(said.signature, "Signature");
  need(said.signedHeaders.empty() ? "" : said.signedHeaders.front(), "SignedHeaders");
  if (said.query)
    need(said.time, "Date");
  else if (said.time.empty())
    lacks += "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  if (!lacks.empty())
    throw refusal(
        claim, Kind::incomplete,
        lacks + (said.query ? "Re-examine the query-string parameters." : "Authorization=" + said.algorithm));
}

/// STS is known to take 15 minutes, others 5.
minutes skewOf(const Claim& claim) { return minutes(claim.service == "sts" ? 15 : 5); }

void checkTime(const Claim& claim) {
  const auto& text = claim.authorization->time;
  const auto time = sigv4::parseAmzTime(text);
  if (!time)
    throw refusal(claim, Kind::incomplete,
                  fmt::format("Date must be in ISO-8601 'basic format'. Got '{}'. See "
                              "http://en.wikipedia.org/wiki/ISO_8601",
                              text));
  const auto skew = skewOf(claim);
  const auto now = std::chrono::floor<std::chrono::seconds>(claim.now);
  const auto tell = [&](std::string_view what, Time bound, char sign) {
    return refusal(claim, Kind::mismatch,
                   fmt::format("Signature {} {} ({} {} {} min.)", fmt::format(fmt::runtime(what), text),
                               sigv4::amzTime(bound), sigv4::amzTime(now), sign, skew.count()));
  };
  if (*time < now - skew) throw tell("expired: {} is now earlier than", now - skew, '-');
  if (*time > now + skew) throw tell("not yet current: {} is still later than", now + skew, '+');
}

void checkSigned(const Claim& claim) {
  const auto& names = claim.authorization->signedHeaders;
  const auto has = [&](std::string_view name) { return std::ranges::find(names, name) != names.end(); };
  if (!has("host") && !has(":authority"))
    throw refusal(claim, Kind::mismatch,
                  "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  for (const auto& [name, value] : claim.wire.headers)
    if (const auto key = aws::lower(name); key.starts_with("x-amz-") && !has(key))
      throw refusal(claim, Kind::mismatch,
                    fmt::format("'{}' must be a 'SignedHeader' in the AWS Authorization.", key));
}

void checkScope(const Claim& claim) {
  const auto& said = *claim.authorization;
  if (std::ranges::count(said.credential, '/') < 4)
    throw refusal(claim, Kind::incomplete,
                  fmt::format("Credential must have exactly 5 slash-delimited elements, e.g. "
                              "keyid/date/region/service/term, got '{}'",
                              said.credential));
  std::string wrong;
  if (!isRegion(said.scope.region))
    wrong += fmt::format("Credential should be scoped to a valid region, not '{}'. ", said.scope.region);
  if (!claim.service.empty() && said.scope.service != claim.service)
    wrong += fmt::format("Credential should be scoped to correct service: '{}'. ", claim.service);
  if (said.terminator != "aws4_request")
    wrong += fmt::format("Credential should be scoped with a valid terminator: 'aws4_request', not '{}'. ",
                         said.terminator);
  if (const auto day = said.time.substr(0, 8); said.date != day)
    wrong += fmt::format(
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "
        "HTTP: '{}' != '{}', from '{}'. ",
        said.date, day, said.time);
  if (!wrong.empty()) throw refusal(claim, Kind::mismatch, wrong);
}

void checkSignature(const Claim& claim, const Owner& owner) {
  const auto& said = *claim.authorization;
  const auto expected =
      sigv4::expectedOf(claim.wire, said, owner.secretAccessKey, payloadHash(claim.request), {});
  if (sigv4::same(expected.signature, said.signature)) return;
  throw refusal(
      claim, Kind::mismatch,
      fmt::format("The request signature we calculated does not match the signature you provided. Check your "
                  "AWS Secret Access Key and signing method. Consult the service documentation for details."
                  "\n\nThe Canonical String for this request should have been\n'{}'\n\nThe String-to-Sign "
                  "should have been\n'{}'\n",
                  expected.canonicalRequest, expected.stringToSign));
}

}  // namespace

Owner verifyCoral(const Claim& claim, const Lookup& lookup) {
  checkPresence(claim);
  checkForm(claim);
  checkTime(claim);
  checkSigned(claim);
  checkScope(claim);
  auto found = lookup(claim.authorization->accessKeyId, claim.sessionToken);
  if (const auto* unknown = std::get_if<Unknown>(&found)) {
    if (*unknown == Unknown::expired)
      throw refusal(claim, Kind::expiredToken, "The security token included in the request is expired");
    throw refusal(claim, Kind::unknownKey, "The security token included in the request is invalid.");
  }
  auto owner = std::get<Owner>(std::move(found));
  checkSignature(claim, owner);
  return owner;
}

}  // namespace athanor::local::auth
