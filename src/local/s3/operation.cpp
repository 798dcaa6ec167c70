#include "local/s3/operation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace athanor::local::s3 {

namespace {

enum class On : std::uint8_t { service, bucket, object };

struct Rule {
  std::string_view name;
  On on;
  std::string_view method;
  std::string_view parameter = {};  ///< that the query must have
  std::string_view header = {};     ///< that the request must have
};

/// The first that fits decides.
constexpr Rule rules[] = {
    {"ListBuckets", On::service, "GET"},
    {"GetBucketLocation", On::bucket, "GET", "location"},
    {"GetBucketVersioning", On::bucket, "GET", "versioning"},
    {"GetBucketCors", On::bucket, "GET", "cors"},
    {"GetBucketTagging", On::bucket, "GET", "tagging"},
    {"ListObjectVersions", On::bucket, "GET", "versions"},
    {"ListMultipartUploads", On::bucket, "GET", "uploads"},
    {"ListObjectsV2", On::bucket, "GET", "list-type"},
    {"ListObjects", On::bucket, "GET"},
    {"HeadBucket", On::bucket, "HEAD"},
    {"PutBucketCors", On::bucket, "PUT", "cors"},
    {"CreateBucket", On::bucket, "PUT"},
    {"DeleteBucketCors", On::bucket, "DELETE", "cors"},
    {"DeleteBucket", On::bucket, "DELETE"},
    {"DeleteObjects", On::bucket, "POST", "delete"},
    {"ListParts", On::object, "GET", "uploadId"},
    {"GetObjectTagging", On::object, "GET", "tagging"},
    {"GetObject", On::object, "GET"},
    {"HeadObject", On::object, "HEAD"},
    {"UploadPartCopy", On::object, "PUT", "uploadId", "x-amz-copy-source"},
    {"UploadPart", On::object, "PUT", "uploadId"},
    {"CopyObject", On::object, "PUT", "", "x-amz-copy-source"},
    {"PutObject", On::object, "PUT"},
    {"CreateMultipartUpload", On::object, "POST", "uploads"},
    {"CompleteMultipartUpload", On::object, "POST", "uploadId"},
    {"AbortMultipartUpload", On::object, "DELETE", "uploadId"},
    {"DeleteObject", On::object, "DELETE"},
};

/// Subresources that no operation here is for: without this, asking for one would do something else.
constexpr std::array unknown = {"accelerate",   "acl",           "analytics",
                                "attributes",   "encryption",    "intelligent-tiering",
                                "inventory",    "legal-hold",    "lifecycle",
                                "logging",      "metadataTable", "metrics",
                                "notification", "object-lock",   "ownershipControls",
                                "policy",       "policyStatus",  "publicAccessBlock",
                                "renameObject", "replication",   "requestPayment",
                                "restore",      "retention",     "select",
                                "session",      "torrent",       "website"};

On subject(const Call& call) {
  if (call.bucket.empty()) return On::service;
  return call.key.empty() ? On::bucket : On::object;
}

/// The subresource that is not served; "" where the query has none.
std::string unknownSubresource(const Call& call) {
  for (const char* name : unknown)
    if (call.has(name)) return name;
  // These are served in part.
  if (call.method() == "GET") return "";
  for (const char* name : {"tagging", "versioning"})
    if (call.has(name)) return name;
  return "";
}

}  // namespace

std::string_view operationOf(const Call& call) {
  if (call.method() == "OPTIONS") return "Preflight";
  if (!unknownSubresource(call).empty()) return "";
  const auto on = subject(call);
  const auto found = std::ranges::find_if(rules, [&](const Rule& rule) {
    return rule.on == on && rule.method == call.method() &&
           (rule.parameter.empty() || call.has(rule.parameter)) &&
           (rule.header.empty() || !call.header(rule.header).empty());
  });
  return found == std::end(rules) ? std::string_view() : found->name;
}

std::string unserved(const Call& call) {
  const auto name = unknownSubresource(call);
  if (name.empty()) return "";
  return fmt::format("{} of the subresource ?{} of {}", call.method(), name,
                     call.key.empty() ? "buckets" : "objects");
}

std::vector<std::string_view> operations() {
  std::vector<std::string_view> out;
  for (const auto& rule : rules) out.emplace_back(rule.name);
  std::ranges::sort(out);
  return out;
}

}  // namespace athanor::local::s3
