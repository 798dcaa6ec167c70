#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/http.h"

/// AWS Signature Version 4, both sides: what a client signs with, and what a server checks with. Source:
/// "AWS Signature Version 4 for API requests" in the AWS IAM user guide, and AWS's published test suite.
namespace athanor::aws::sigv4 {

/// What a signature is made with.
struct Key {
  std::string accessKeyId;
  std::string secretAccessKey;
  std::string sessionToken;  ///< "" for keys that last
};

/// What a signature is good for.
struct Scope {
  std::string region;
  std::string service;
};

struct Rules {
  bool normalizePath = true;     ///< resolve "." and "..", drop empty segments (all services but S3)
  bool encodePath = true;        ///< percent-encode the path once more (all services but S3)
  bool signSessionToken = true;  ///< few services want it added after signing
  bool payloadHeader = false;    ///< send x-amz-content-sha256 (S3 wants it)
  std::string payloadHash = {};  ///< "" = of the body; else as it is ("UNSIGNED-PAYLOAD")
  static Rules s3() { return {.normalizePath = false, .encodePath = false, .payloadHeader = true}; }
};

/// A request as it goes over the wire.
struct Wire {
  std::string method;
  std::string path;   ///< raw: what stands before "?" in the request line
  std::string query;  ///< raw
  Headers headers;    ///< with Host
  std::string body;
};

/// What an Authorization header or a presigned query says.
struct Authorization {
  std::string accessKeyId;
  std::string date;  ///< YYYYMMDD
  Scope scope;
  std::vector<std::string> signedHeaders;  ///< lower case
  std::string signature;
  std::string time;                             ///< YYYYMMDD'T'HHMMSS'Z'
  std::optional<std::chrono::seconds> expires;  ///< of a presigned request
};

/// Lower-case hexadecimal SHA-256.
std::string sha256(std::string_view data);
/// 20150830T123600Z.
std::string amzTime(std::chrono::system_clock::time_point time);
/// The reverse; none where `text` has another form.
std::optional<std::chrono::system_clock::time_point> parseAmzTime(std::string_view text);

std::string canonicalRequest(const Wire& wire, const std::vector<std::string>& signedHeaders,
                             std::string_view payloadHash, const Rules& rules);
std::string stringToSign(std::string_view amzTime, const Scope& scope, std::string_view canonicalRequest);
std::string signature(std::string_view secretAccessKey, std::string_view amzTime, const Scope& scope,
                      std::string_view stringToSign);

/// Adds X-Amz-Date, X-Amz-Security-Token and Authorization to `request`. Every header it has by then is
/// signed, but for those that proxies change. Throws Error(usage) where its URL is none.
void sign(HttpRequest& request, const Key& key, const Scope& scope, std::chrono::system_clock::time_point now,
          const Rules& rules = {});

/// The URL of `request` with a signature in its query that is good for `expires`.
std::string presign(const HttpRequest& request, const Key& key, const Scope& scope,
                    std::chrono::system_clock::time_point now, std::chrono::seconds expires,
                    const Rules& rules = {});

/// What a received request claims, from its Authorization header or its query; none where it claims nothing
/// or is malformed.
std::optional<Authorization> authorizationOf(const Wire& wire);
/// True where the claimed signature is the one that `secretAccessKey` gives.
bool verify(const Wire& wire, const Authorization& claimed, std::string_view secretAccessKey,
            const Rules& rules = {});

}  // namespace athanor::aws::sigv4
