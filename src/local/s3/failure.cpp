#include "local/s3/failure.h"

#include <fmt/format.h>

#include "aws/uri.h"
#include "local/s3/xml.h"

namespace athanor::local::s3 {

Failure invalidArgument(const std::string& name, const std::string& value, const std::string& message) {
  return {400, "InvalidArgument", message, {{"ArgumentName", name}, {"ArgumentValue", value}}};
}
Failure noSuchBucket(const std::string& bucket) {
  return {404, "NoSuchBucket", "The specified bucket does not exist", {{"BucketName", bucket}}};
}
Failure noSuchKey(const std::string& key) {
  return {404, "NoSuchKey", "The specified key does not exist.", {{"Key", key}}};
}
Failure noSuchUpload(const std::string& uploadId) {
  return {404,
          "NoSuchUpload",
          "The specified upload does not exist. The upload ID may be invalid, or the upload may have been "
          "aborted or completed.",
          {{"UploadId", uploadId}}};
}
Failure malformedXml() {
  return {400, "MalformedXML",
          "The XML you provided was not well-formed or did not validate against our published schema"};
}
Failure notImplemented(const std::string& what) {
  return {501, "NotImplemented", fmt::format("The S3 that runs here does not know {}.", what)};
}

http::Response answerOf(const Failure& failure, const http::Request& request, const std::string& requestId) {
  http::Response out{failure.status(), {{"x-amz-request-id", requestId}}, ""};
  if (request.method == "HEAD" || failure.status() == 304) return out;
  out.headers.emplace_back("Content-Type", "application/xml");
  std::string fields;
  for (const auto& [name, value] : failure.fields())
    fields += fmt::format("<{}>{}</{}>", name, escaped(value), name);
  out.body = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{}</Code><Message>{}</Message>{}<Resource>{}"
      "</Resource><RequestId>{}</RequestId></Error>",
      failure.code(), escaped(failure.what()), fields, escaped(aws::percentDecode(request.path)), requestId);
  return out;
}

}  // namespace athanor::local::s3
