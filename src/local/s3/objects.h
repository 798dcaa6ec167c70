#pragma once

#include <memory>

#include "local/s3/shop.h"

namespace athanor::local::s3 {

/// Operations on one object, and DeleteObjects. Those that take longer answer the exchange themselves and
/// take it over then; until that, they throw what they refuse it with.
void putObject(Shop& shop, std::unique_ptr<Exchange>& exchange);
void copyObject(Shop& shop, std::unique_ptr<Exchange>& exchange);
http::Response getObject(Shop& shop, Exchange& exchange);         ///< HEAD too
http::Response getObjectTagging(Shop& shop, Exchange& exchange);  ///< no object has tags
http::Response deleteObject(Shop& shop, Exchange& exchange);
http::Response deleteObjects(Shop& shop, Exchange& exchange);

/// The object that x-amz-copy-source names, whose x-amz-copy-source-if-* conditions hold. Throws Refusal.
Object copySource(Shop& shop, const Exchange& exchange);
/// Throws Refusal where a versionId names any version but "null", the only one there is.
void checkVersion(const std::string& version);
/// The headers that tell a checksum.
void tellChecksum(const Checksum& checksum, http::Headers& headers);

}  // namespace athanor::local::s3
