#include "local/s3/refusals.h"

#include <fmt/format.h>

#include "aws/uri.h"
#include "local/s3/xml.h"
#include "local/xml.h"

namespace athanor::local::s3 {

Refusal invalidArgument(const std::string& name, const std::string& value, const std::string& message) {
  return {400, "InvalidArgument", message, {{"ArgumentName", name}, {"ArgumentValue", value}}};
}
Refusal noSuchBucket(const std::string& bucket) {
  return {404, "NoSuchBucket", "The specified bucket does not exist", {{"BucketName", bucket}}};
}
Refusal noSuchKey(const std::string& key) {
  return {404, "NoSuchKey", "The specified key does not exist.", {{"Key", key}}};
}
Refusal noSuchUpload(const std::string& uploadId) {
  return {404,
          "NoSuchUpload",
          "The specified upload does not exist. The upload ID may be invalid, or the upload may have been "
          "aborted or completed.",
          {{"UploadId", uploadId}}};
}
Refusal malformedXml() {
  return {400, "MalformedXML",
          "The XML you provided was not well-formed or did not validate against our published schema"};
}
Refusal notImplemented(const std::string& what) {
  return {501, "NotImplemented", fmt::format("The S3 that runs here does not know {}.", what)};
}

http::Response answerOf(const Refusal& failure, const http::Request& request, const std::string& requestId) {
  http::Response out{failure.status(), {{"x-amz-request-id", requestId}}, ""};
  if (request.method == "HEAD" || failure.status() == 304) return out;
  out.headers.emplace_back("Content-Type", "application/xml");
  std::string fields;
  for (const auto& [name, value] : failure.fields())
    fields += fmt::format("<{}>{}</{}>", name, xmlEscaped(value, Controls::references), name);
  out.body = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{}</Code><Message>{}</Message>{}<Resource>{}"
      "</Resource><RequestId>{}</RequestId></Error>",
      failure.code(), xmlEscaped(failure.what(), Controls::references), fields,
      xmlEscaped(aws::percentDecode(request.path), Controls::references), requestId);
  return out;
}

}  // namespace athanor::local::s3
