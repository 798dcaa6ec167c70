#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "local/http/message.h"
#include "local/sources.h"

namespace athanor::local::s3 {

/// What conditions are checked against.
struct Validators {
  std::string etag;  ///< without quotes
  Time modified;     ///< whole seconds
};

/// The headers of the conditions, which copies spell in their own way.
struct ConditionNames {
  std::string_view match, noneMatch, modifiedSince, unmodifiedSince;
  static constexpr ConditionNames read() {
    return {"if-match", "if-none-match", "if-modified-since", "if-unmodified-since"};
  }
  static constexpr ConditionNames copySource() {
    return {"x-amz-copy-source-if-match", "x-amz-copy-source-if-none-match",
            "x-amz-copy-source-if-modified-since", "x-amz-copy-source-if-unmodified-since"};
  }
};

/// Throws Refusal 412 (PreconditionFailed), or 304 for reads that find nothing new (RFC 9110 §13.2.2; copies
/// know no 304).
void checkRead(const http::Request& request, const Validators& validators, const ConditionNames& names);
/// The conditions of a write: If-Match with an ETag, If-None-Match with "*". `found` is what is there.
void checkWrite(const http::Request& request, const std::string& key, const std::optional<Validators>& found);

/// A part of an object.
struct Range {
  std::uint64_t offset = 0, size = 0;
};
/// The one range that a "bytes=" header asks for of `size` bytes; none for all of it: absent, malformed, or
/// several. Throws Refusal (InvalidRange, 416) where nothing of it is there.
std::optional<Range> rangeOf(std::string_view header, std::uint64_t size);

}  // namespace athanor::local::s3
