#pragma once

#include <optional>
#include <string>
#include <vector>

#include "local/auth/chunks.h"
#include "local/http/message.h"
#include "local/s3/contents.h"
#include "local/s3/index.h"

namespace athanor::local::s3 {

/// What a request says of the bytes that it brings.
struct Promise {
  std::optional<auth::ChunkForm> chunks = {};      ///< framed as aws-chunked
  std::optional<auth::ChunkSigning> signing = {};  ///< what they are signed with; none: not looked at
  std::string decodedLength = {};                  ///< of the bytes without framing; "" = not said
  std::string md5 = {};                            ///< Content-MD5; "" = not said
  std::string sha256 = {};                         ///< x-amz-content-sha256, where it is a digest
  std::string algorithm = {};                      ///< of the checksum; "" = none is wanted
  std::string checksum = {};  ///< its value; "" where a trailer brings it, or nothing does
};

/// Reads x-amz-content-sha256, x-amz-decoded-content-length, Content-MD5, x-amz-checksum-*, x-amz-trailer and
/// x-amz-sdk-checksum-algorithm. Throws Refusal where they contradict each other or are malformed.
Promise promiseOf(const http::Request& request);

/// The algorithm of the x-amz-checksum-* header that a request has; none where it has none.
std::optional<std::pair<std::string, std::string>> checksumHeader(const http::Headers& headers);
/// "x-amz-checksum-crc32" of "CRC32".
std::string checksumHeaderName(std::string_view algorithm);

/// Takes the framing off a body in place, checks what was promised, and returns once the file is on the disk.
/// Throws Refusal where the bytes are not as promised, std::system_error where the disk fails. For workers.
Content receive(http::BodyFile& body, const Promise& promise, Contents& contents);

/// Appends `size` bytes of a file, from `offset` on, to `out`. Throws std::system_error. For workers.
void append(http::BodyFile& out, const http::OpenFile& from, std::uint64_t offset, std::uint64_t size);

/// Appends whole files to `out` and returns once it is on the disk. Gives the checksum of all bytes; "" where
/// `algorithm` is "". Throws std::system_error. For workers.
std::string join(http::BodyFile& out, const std::vector<Content>& parts, const std::string& algorithm,
                 Contents& contents);

}  // namespace athanor::local::s3
