#include "local/s3/object_versions.h"

#include <fmt/format.h>

#include <algorithm>

namespace athanor::local::s3 {

namespace {

/// What buckets may be called (S3 user guide, "Bucket naming rules"): nothing that needs escaping.
bool isName(std::string_view text) {
  return text.size() >= 3 && text.size() <= 63 && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
         });
}

}  // namespace

std::optional<std::string> listedBucket(const http::Request& request) {
  if (request.method != "GET" || !request.path.starts_with('/')) return {};
  auto name = request.path.substr(1);
  if (name.ends_with('/')) name.pop_back();
  const auto& query = request.query;
  const bool versions =
      query == "versions" || query.starts_with("versions&") || query.starts_with("versions=");
  if (!versions || !isName(name)) return {};
  return name;
}

http::Response objectVersions(const std::string& bucket, bool stands, const std::string& requestId) {
  const http::Headers headers = {{"Content-Type", "application/xml"}, {"x-amz-request-id", requestId}};
  if (!stands)
    return {404, headers,
            fmt::format(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>NoSuchBucket</Code><Message>The "
                "specified bucket does not exist</Message><BucketName>{}</BucketName><RequestId>{}"
                "</RequestId></Error>",
                bucket, requestId)};
  return {200, headers,
          fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListVersionsResult "
                      "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>{}</Name><Prefix/><KeyMarker/>"
                      "<VersionIdMarker/><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>"
                      "</ListVersionsResult>",
                      bucket)};
}

}  // namespace athanor::local::s3
