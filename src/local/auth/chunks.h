#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "aws/sigv4.h"
#include "local/http/message.h"

namespace athanor::local::auth {

/// A body that came in chunks (aws-chunked), put together.
struct Payload {
  std::string body;
  http::Headers trailers;  ///< names in lower case, without x-amz-trailer-signature
};

/// What the signatures of chunks are made with.
struct ChunkSigning {
  std::string secretAccessKey;
  std::string time;  ///< YYYYMMDD'T'HHMMSS'Z'
  aws::sigv4::Scope scope;
  std::string seed;  ///< the signature of the request itself
};

/// Where decoded bytes go, piece by piece.
using Sink = std::function<void(std::string_view)>;

/// What x-amz-content-sha256 says of a body in chunks.
struct ChunkForm {
  bool isSigned = false;
  bool trailer = false;
};

/// The form of "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "…-PAYLOAD-TRAILER" and
/// "STREAMING-UNSIGNED-PAYLOAD-TRAILER"; none for anything else.
std::optional<ChunkForm> chunkForm(std::string_view contentSha256);

/// Decodes an aws-chunked body, and checks its signatures where `signing` is given. `decodedLength` is what
/// x-amz-decoded-content-length says, "" where it was not sent. Throws Refusal: IncompleteBody,
/// SignatureDoesNotMatch, MalformedTrailerError, InvalidArgument. Sources: "Signature calculations … in
/// multiple chunks" and "… for trailing headers" in the S3 API reference.
Payload decodeChunks(std::string_view body, ChunkForm form, std::string_view decodedLength,
                     const ChunkSigning* signing);
/// The same for a body that is too large to be put together in memory; gives the trailers. What the sink got
/// is good only where this does not throw.
http::Headers decodeChunks(std::string_view body, ChunkForm form, std::string_view decodedLength,
                           const ChunkSigning* signing, const Sink& sink);

}  // namespace athanor::local::auth
