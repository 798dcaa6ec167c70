#pragma once

#include "local/http/message.h"
#include "local/s3/call.h"
#include "local/s3/index.h"

namespace athanor::local::s3 {

/// What the headers of a PUT, copy or CreateMultipartUpload say of the object. Throws Refusal
/// (MetadataTooLarge, AccessControlListNotSupported, NotImplemented).
Description descriptionOf(const http::Request& request);

/// The headers of GET and HEAD: what was described, ETag, Last-Modified, and what response-* of the query
/// overrides.
http::Headers headersOf(const Object& object, const Call& call);

/// `"0123…"`: an ETag with its quotes.
std::string quotedEtag(std::string_view etag);
/// "2026-01-02T03:04:05.000Z", as lists have it.
std::string listTime(Time time);
/// "Fri, 02 Jan 2026 03:04:05 GMT".
std::string httpDate(Time time);

/// Throws Refusal where a key is too long or no UTF-8.
void checkKey(const std::string& key);

}  // namespace athanor::local::s3
