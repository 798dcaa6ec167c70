#include "local/s3/text_body.h"

#include "local/base64.h"
#include "local/s3/digests.h"
#include "local/s3/intake.h"
#include "local/s3/refusals.h"

namespace athanor::local::s3 {

const std::string& textBody(const http::Request& request, bool needed) {
  const auto promise = promiseOf(request);
  const auto& body = request.body;
  if (needed && promise.md5.empty() && promise.checksum.empty())
    throw Refusal(400, "InvalidRequest",
                  "Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
  if (!promise.md5.empty() && promise.md5 != base64(digest("MD5", body)))
    throw Refusal(400, "BadDigest", "The Content-MD5 you specified did not match what we received.");
  if (!promise.checksum.empty() && promise.checksum != base64(digest(promise.algorithm, body)))
    throw Refusal(400, "BadDigest",
                  "The " + promise.algorithm + " you specified did not match what we received.");
  return body;
}

}  // namespace athanor::local::s3
