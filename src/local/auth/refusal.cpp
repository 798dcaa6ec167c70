#include "local/auth/refusal.h"

#include <fmt/format.h>

#include "base/json.h"
#include "local/xml.h"

namespace athanor::local::auth {

namespace {

http::Response s3Answer(const Refusal& refusal, const std::string& requestId) {
  std::string fields;
  for (const auto& [name, value] : refusal.fields())
    fields += fmt::format("<{}>{}</{}>", name, xmlEscaped(value), name);
  return {
      refusal.status(),
      {{"Content-Type", "application/xml"}, {"x-amz-request-id", requestId}},
      fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{}</Code><Message>{}</Message>{}"
                  "<RequestId>{}</RequestId></Error>",
                  refusal.code(), xmlEscaped(refusal.what()), fields, requestId)};
}

}  // namespace

http::Response answer(const Refusal& refusal, Protocol protocol, const std::string& requestId) {
  switch (protocol) {
    case Protocol::s3:
      return s3Answer(refusal, requestId);
    case Protocol::query:
      return {
          refusal.status(),
          {{"Content-Type", "text/xml"}, {"x-amzn-RequestId", requestId}},
          fmt::format("<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  <Error>\n    "
                      "<Type>Sender</Type>\n    <Code>{}</Code>\n    <Message>{}</Message>\n  </Error>\n  "
                      "<RequestId>{}</RequestId>\n</ErrorResponse>\n",
                      refusal.code(), xmlEscaped(refusal.what()), requestId)};
    case Protocol::json:
      break;
  }
  return {refusal.status(),
          {{"Content-Type", "application/x-amz-json-1.0"}, {"x-amzn-RequestId", requestId}},
          Json{{"__type", refusal.code()}, {"message", refusal.what()}}.dump(-1, ' ', false,
                                                                             Json::error_handler_t::replace)};
}

}  // namespace athanor::local::auth
