#pragma once

#include <string>

#include "base/json.h"
#include "local/s3/shop.h"

namespace athanor::local::s3 {

/// The bucket's CORS configuration, as PutBucketCors brings it (XML) and as its resource keeps it (the
/// CorsRules of AWS::S3::Bucket). Throw Refusal (MalformedXML, InvalidRequest).
Json corsRulesOf(const std::string& xml);
std::string corsXml(const Json& rules);

/// What a browser asks before it sends: OPTIONS.
http::Response preflight(Shop& shop, Exchange& exchange);
/// Adds the headers that let the page of the request's Origin read the answer, where the bucket allows it.
void allowOrigin(Shop& shop, const Exchange& exchange, http::Response& response);
/// Throws Refusal (AccessDenied) where a page that is not allowed to would change something: browsers send
/// some requests without asking before, and here they need no signature.
void refuseForeignPages(Shop& shop, const Exchange& exchange);

}  // namespace athanor::local::s3
