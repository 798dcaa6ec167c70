#include <fmt/format.h>

#include <charconv>

#include "aws/text.h"
#include "base/hex.h"
#include "base/time_text.h"
#include "local/auth/claim.h"

/// S3's checks, in its words. Sources: "Authenticating Requests" in the S3 API reference, and what S3 is
/// known to answer (versitygw's and MinIO's tests compare with it).
namespace athanor::local::auth {

namespace {

using std::chrono::seconds;
namespace sigv4 = aws::sigv4;

constexpr seconds skew = std::chrono::minutes(15);
constexpr long longestLife = 604'800;  // a week

Refusal denied(const std::string& message, Refusal::Fields fields = {}) {
  return {403, "AccessDenied", message, std::move(fields)};
}

Refusal malformed(const sigv4::Authorization& said, const std::string& what) {
  if (said.query)
    return {400, "AuthorizationQueryParametersError",
            "Error parsing the X-Amz-Credential parameter; " + what};
  return {400, "AuthorizationHeaderMalformed", "The authorization header is malformed; " + what};
}

Refusal badQuery(const std::string& what) { return {400, "AuthorizationQueryParametersError", what}; }

void checkHeaderForm(const sigv4::Authorization& said) {
  if (said.algorithm != "AWS4-HMAC-SHA256")
    throw Refusal(400, "InvalidArgument", "Unsupported Authorization Type",
                  {{"ArgumentName", "Authorization"}});
  if (!said.strange.empty())
    throw malformed(said, fmt::format("the authorization component \"{}\" is malformed.", said.strange));
  if (said.credential.empty()) throw malformed(said, "missing Credential.");
  if (said.signedHeaders.empty()) throw malformed(said, "missing SignedHeaders.");
  if (said.signature.empty()) throw malformed(said, "missing Signature.");
}

void checkQueryForm(const sigv4::Authorization& said) {
  if (said.algorithm.empty() || said.credential.empty() || said.signature.empty() || said.time.empty() ||
      said.signedHeaders.empty() || said.expires.empty())
    throw badQuery(
        "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, "
        "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.");
  if (said.algorithm != "AWS4-HMAC-SHA256")
    throw badQuery("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256\"");
}

void checkCredential(const sigv4::Authorization& said) {
  if (std::ranges::count(said.credential, '/') < 4)
    throw malformed(said,
                    "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/"
                    "aws4_request\".");
  if (said.terminator != "aws4_request")
    throw malformed(said, fmt::format("incorrect terminal \"{}\". This endpoint uses \"aws4_request\".",
                                      said.terminator));
  if (said.scope.service != "s3")
    throw malformed(
        said, fmt::format("incorrect service \"{}\". This endpoint belongs to \"s3\".", said.scope.service));
  if (said.date.size() != 8 || said.date.find_first_not_of("0123456789") != std::string::npos)
    throw malformed(said, fmt::format("incorrect date format \"{}\". This date in the credential must be in "
                                      "the format \"yyyyMMdd\".",
                                      said.date));
  if (!isRegion(said.scope.region))
    throw malformed(said, fmt::format("the region '{}' is wrong", said.scope.region));
}

void checkHeaderTime(const Claim& claim) {
  const auto time = sigv4::parseAmzTime(claim.authorization->time);
  if (!time) throw denied("AWS authentication requires a valid Date or x-amz-date header");
  if (*time >= claim.now - skew && *time <= claim.now + skew) return;
  throw Refusal(403, "RequestTimeTooSkewed",
                "The difference between the request time and the current time is too large.",
                {{"RequestTime", claim.authorization->time},
                 {"ServerTime", isoTime(claim.now)},
                 {"MaxAllowedSkewMilliseconds", std::to_string(skew.count() * 1000)}});
}

void checkQueryTime(const Claim& claim) {
  const auto& said = *claim.authorization;
  const auto time = sigv4::parseAmzTime(said.time);
  if (!time) throw badQuery("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  long life = 0;
  const char* end = said.expires.data() + said.expires.size();
  if (const auto read = std::from_chars(said.expires.data(), end, life);
      read.ec == std::errc::invalid_argument || read.ptr != end)
    throw badQuery("X-Amz-Expires should be a number");
  else if (life < 0)
    throw badQuery("X-Amz-Expires must be non-negative");
  else if (read.ec != std::errc{} || life > longestLife)
    throw badQuery(
        "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less "
        "than 604800 seconds");
  if (*time > claim.now + skew) throw denied("Request is not valid yet");
  if (claim.now > *time + seconds(life))
    throw denied("Request has expired", {{"X-Amz-Expires", said.expires},
                                         {"Expires", isoTime(*time + seconds(life))},
                                         {"ServerTime", isoTime(claim.now)}});
}

void checkDay(const sigv4::Authorization& said) {
  if (said.time.starts_with(said.date)) return;
  if (said.query)
    throw badQuery(
        fmt::format("Invalid credential date \"{}\". This date is not the same as X-Amz-Date: "
                    "\"{}\".",
                    said.date, said.time.substr(0, 8)));
  throw malformed(said, "Invalid credential date. Date is not the same as X-Amz-Date.");
}

void checkSigned(const Claim& claim) {
  const auto& names = claim.authorization->signedHeaders;
  const auto has = [&](std::string_view name) { return std::ranges::find(names, name) != names.end(); };
  std::string open;
  const auto note = [&](const std::string& name) { open += (open.empty() ? "" : ", ") + name; };
  if (!has("host")) note("host");
  for (const auto& [name, value] : claim.wire.headers)
    if (const auto key = aws::lower(name); key.starts_with("x-amz-") && !has(key)) note(key);
  if (!open.empty())
    throw denied("There were headers present in the request which were not signed",
                 {{"HeadersNotSigned", open}});
}

Owner ownerOf(const Claim& claim, const Lookup& lookup) {
  const auto& id = claim.authorization->accessKeyId;
  auto found = lookup(id, claim.sessionToken);
  if (const auto* unknown = std::get_if<Unknown>(&found)) {
    if (*unknown == Unknown::expired) throw Refusal(400, "ExpiredToken", "The provided token has expired.");
    if (*unknown == Unknown::token)
      throw Refusal(400, "InvalidToken", "The provided token is malformed or otherwise invalid.");
    throw Refusal(403, "InvalidAccessKeyId",
                  "The AWS Access Key Id you provided does not exist in our records.",
                  {{"AWSAccessKeyId", id}});
  }
  return std::get<Owner>(std::move(found));
}

/// What stands for the payload in the canonical request.
std::string payloadOf(const Claim& claim) {
  std::string said(claim.request.header("x-amz-content-sha256"));
  if (said.empty() && claim.authorization->query) return "UNSIGNED-PAYLOAD";
  if (said.empty())
    throw Refusal(400, "InvalidRequest", "Missing required header for this request: x-amz-content-sha256");
  if (isHex(said, 32)) {
    if (claim.request.bodyFile) return said;
    if (const auto made = payloadHash(claim.request); made != said)
      throw Refusal(400, "XAmzContentSHA256Mismatch",
                    "The provided 'x-amz-content-sha256' header does not match what was computed.",
                    {{"ClientComputedContentSHA256", said}, {"S3ComputedContentSHA256", made}});
    return said;
  }
  if (said == "UNSIGNED-PAYLOAD" || chunkForm(said)) return said;
  throw Refusal(400, "InvalidArgument",
                "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, "
                "STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid "
                "sha256 value.",
                {{"ArgumentName", "x-amz-content-sha256"}, {"ArgumentValue", said}});
}

void checkSignature(const Claim& claim, const Owner& owner, const std::string& payload) {
  const auto& said = *claim.authorization;
  const auto expected =
      sigv4::expectedOf(claim.wire, said, owner.secretAccessKey, payload, sigv4::Rules::s3());
  if (sigv4::same(expected.signature, said.signature)) return;
  throw Refusal(
      403, "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your key "
      "and signing method.",
      {{"AWSAccessKeyId", said.accessKeyId},
       {"StringToSign", expected.stringToSign},
       {"SignatureProvided", said.signature},
       {"CanonicalRequest", expected.canonicalRequest}});
}

}  // namespace

Owner verifyS3(const Claim& claim, const Lookup& lookup, std::optional<Payload>& payload,
               std::optional<ChunkSigning>& signing) {
  if (!claim.authorization) throw denied("Access Denied");
  const auto& said = *claim.authorization;
  if (said.query)
    checkQueryForm(said);
  else
    checkHeaderForm(said);
  checkCredential(said);
  if (said.query)
    checkQueryTime(claim);
  else
    checkHeaderTime(claim);
  checkDay(said);
  auto owner = ownerOf(claim, lookup);
  checkSigned(claim);
  const auto hash = payloadOf(claim);
  checkSignature(claim, owner, hash);
  if (const auto form = chunkForm(hash)) {
    signing = ChunkSigning{owner.secretAccessKey, said.time, said.scope, said.signature};
    if (!claim.request.bodyFile)
      payload = decodeChunks(claim.request.body, *form, claim.request.header("x-amz-decoded-content-length"),
                             &*signing);
  }
  return owner;
}

}  // namespace athanor::local::auth
