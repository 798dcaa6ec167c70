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

/// What an Authorization header or a presigned query says, whether or not it makes sense: what is missing is
/// empty.
struct Authorization {
  bool query = false;      ///< presigned
  std::string algorithm;   ///< "AWS4-HMAC-SHA256"
  std::string credential;  ///< as sent: "<key>/<YYYYMMDD>/<region>/<service>/aws4_request"
  std::string accessKeyId;
  std::string date;  ///< YYYYMMDD
  Scope scope;
  std::string terminator;
  std::vector<std::string> signedHeaders;  ///< lower case
  std::string signature;
  std::string time;     ///< YYYYMMDD'T'HHMMSS'Z'
  std::string expires;  ///< of a presigned request: seconds
  std::string strange;  ///< a component of the header without "="
};

/// Lower-case hexadecimal SHA-256.
std::string sha256(std::string_view data);
/// 20150830T123600Z.
std::string amzTime(std::chrono::system_clock::time_point time);
/// The reverse; none where `text` has another form.
std::optional<std::chrono::system_clock::time_point> parseAmzTime(std::string_view text);
/// Compares two texts in a time that tells nothing of where they differ.
bool same(std::string_view left, std::string_view right);

std::string canonicalRequest(const Wire& wire, const std::vector<std::string>& signedHeaders,
                             std::string_view payloadHash, const Rules& rules);
std::string stringToSign(std::string_view amzTime, const Scope& scope, std::string_view canonicalRequest);
/// The signature of any text to sign, those of chunks included.
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

/// What a received request claims, from its Authorization header or its query; none where it has neither an
/// Authorization header nor an X-Amz-Algorithm.
std::optional<Authorization> authorizationOf(const Wire& wire);

/// What a claimed signature should have been.
struct Expected {
  std::string canonicalRequest;
  std::string stringToSign;
  std::string signature;
};
Expected expectedOf(const Wire& wire, const Authorization& claimed, std::string_view secretAccessKey,
                    std::string_view payloadHash, const Rules& rules);

}  // namespace athanor::aws::sigv4
