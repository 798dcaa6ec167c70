#pragma once

#include <memory>
#include <string>
#include <vector>

#include "local/auth/gate.h"
#include "local/http/message.h"
#include "local/s3/call.h"
#include "local/s3/index.h"

namespace athanor::local::s3 {

/// Files that a change of rows makes or leaves: they stay or go once it is known whether the change happened.
struct Files {
  std::vector<std::shared_ptr<http::BodyFile>> made;
  std::vector<std::string> left;  ///< names in the folder of contents
};

/// A request on its way to its answer.
struct Exchange {
  http::Request request;
  Call call;  ///< of `request`
  Caller caller;
  bool isSigned = false;
  std::optional<auth::ChunkSigning> signing;  ///< of the chunks of a spooled body
  std::string requestId;
  http::Reply reply;
  Files files;

  Exchange(const http::Request& given, const auth::Admission& admission, std::string id, http::Reply to)
      : request(decoded(given, admission)),
        call(callOf(request)),
        caller(admission.asker.caller),
        isSigned(!admission.asker.service.empty()),
        signing(admission.signing),
        requestId(std::move(id)),
        reply(std::move(to)) {}
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

 private:
  /// With a body that came in chunks put together, and its trailers among the headers.
  static http::Request decoded(const http::Request& given, const auth::Admission& admission) {
    auto out = given;
    if (!admission.payload) return out;
    out.body = admission.payload->body;
    std::erase_if(out.headers, [](const auto& header) { return header.first == "x-amz-content-sha256"; });
    out.headers.insert(out.headers.end(), admission.payload->trailers.begin(),
                       admission.payload->trailers.end());
    return out;
  }
};

}  // namespace athanor::local::s3
