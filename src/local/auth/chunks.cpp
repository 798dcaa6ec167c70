#include "local/auth/chunks.h"

#include <fmt/format.h>

#include <charconv>

#include "aws/text.h"
#include "local/auth/refusal.h"

namespace athanor::local::auth {

namespace {

namespace sigv4 = aws::sigv4;

constexpr std::string_view emptySha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

Refusal incomplete() { return {400, "IncompleteBody", "The request body terminated unexpectedly"}; }

Refusal mismatch(std::string_view toSign, std::string_view provided) {
  return {403,
          "SignatureDoesNotMatch",
          "The request signature we calculated does not match the signature you provided. Check your key and "
          "signing method.",
          {{"StringToSign", std::string(toSign)}, {"SignatureProvided", std::string(provided)}}};
}

Refusal malformedTrailer() {
  return {400, "MalformedTrailerError",
          "The request contained trailing data that was not well-formed or did not conform to our published "
          "schema."};
}

/// The chain of signatures: each is made with the one before.
class Chain {
 public:
  explicit Chain(const ChunkSigning& signing) : signing_(signing), previous_(signing.seed) {}

  void chunk(std::string_view data, std::string_view provided) {
    check(fmt::format("AWS4-HMAC-SHA256-PAYLOAD\n{}\n{}\n{}\n{}", head(), previous_, emptySha256,
                      sigv4::sha256(data)),
          provided);
  }
  void trailer(std::string_view canonical, std::string_view provided) {
    check(fmt::format("AWS4-HMAC-SHA256-TRAILER\n{}\n{}\n{}", head(), previous_, sigv4::sha256(canonical)),
          provided);
  }

 private:
  std::string head() const {
    return fmt::format("{}\n{}/{}/{}/aws4_request", signing_.time, signing_.time.substr(0, 8),
                       signing_.scope.region, signing_.scope.service);
  }
  void check(const std::string& toSign, std::string_view provided) {
    auto made = sigv4::signature(signing_.secretAccessKey, signing_.time, signing_.scope, toSign);
    if (!sigv4::same(made, provided)) throw mismatch(toSign, provided);
    previous_ = std::move(made);
  }

  const ChunkSigning& signing_;
  std::string previous_;
};

class Decoder {
 public:
  Decoder(std::string_view body, ChunkForm form, const ChunkSigning* signing, const Sink& sink)
      : rest_(body), form_(form), sink_(sink) {
    if (signing && form.isSigned) chain_.emplace(*signing);
  }

  http::Headers decode(std::string_view decodedLength) {
    while (chunk()) continue;
    if (form_.trailer)
      trailers();
    else if (!rest_.empty() && rest_ != "\r\n")
      throw incomplete();
    if (!decodedLength.empty() && decodedLength != std::to_string(size_)) throw incomplete();
    return std::move(trailers_);
  }

 private:
  /// The text up to the next line's end, which is taken too.
  std::string_view line() {
    constexpr std::size_t longest = 8192;
    const auto end = rest_.substr(0, longest).find("\r\n");
    if (end == std::string_view::npos) throw incomplete();
    const auto out = rest_.substr(0, end);
    rest_.remove_prefix(end + 2);
    return out;
  }

  /// False after the last one, which is empty. That one's own line end comes only where no trailer follows.
  bool chunk() {
    const auto head = line();
    const auto number = head.substr(0, head.find(';'));
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), size, 16);
    if (error != std::errc{} || end != number.data() + number.size()) throw incomplete();
    if (size > rest_.size()) throw incomplete();
    const auto data = rest_.substr(0, size);
    rest_.remove_prefix(size);
    if (chain_) chain_->chunk(data, signatureOf(head));
    if (size == 0) return false;
    sink_(data);
    size_ += size;
    if (!rest_.starts_with("\r\n")) throw incomplete();
    rest_.remove_prefix(2);
    return true;
  }

  static std::string_view signatureOf(std::string_view head) {
    constexpr std::string_view mark = ";chunk-signature=";
    const auto at = head.find(mark);
    return at == std::string_view::npos ? std::string_view() : head.substr(at + mark.size());
  }

  /// "name:value" lines, and their signature last. Clients end them with CRLF; some sign them with an empty
  /// line between, and AWS's own example ends them with LF.
  void trailers() {
    std::string canonical, signature;
    while (!rest_.empty()) {
      const auto end = rest_.find('\n');
      const auto text = aws::trim(rest_.substr(0, end));
      rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
      if (text.empty()) continue;
      const auto colon = text.find(':');
      if (colon == std::string_view::npos || !signature.empty()) throw malformedTrailer();
      const auto name = aws::lower(aws::trim(text.substr(0, colon)));
      const std::string value(aws::trim(text.substr(colon + 1)));
      if (name == "x-amz-trailer-signature") {
        signature = value;
        continue;
      }
      canonical += fmt::format("{}:{}\n", name, value);
      trailers_.emplace_back(name, value);
    }
    if (chain_) chain_->trailer(canonical, signature);
  }

  std::string_view rest_;
  ChunkForm form_;
  const Sink& sink_;
  std::optional<Chain> chain_;
  std::uint64_t size_ = 0;
  http::Headers trailers_;
};

}  // namespace

std::optional<ChunkForm> chunkForm(std::string_view contentSha256) {
  if (contentSha256 == "STREAMING-AWS4-HMAC-SHA256-PAYLOAD") return ChunkForm{.isSigned = true};
  if (contentSha256 == "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER")
    return ChunkForm{.isSigned = true, .trailer = true};
  if (contentSha256 == "STREAMING-UNSIGNED-PAYLOAD-TRAILER") return ChunkForm{.trailer = true};
  return {};
}

Payload decodeChunks(std::string_view body, ChunkForm form, std::string_view decodedLength,
                     const ChunkSigning* signing) {
  Payload out;
  out.trailers =
      decodeChunks(body, form, decodedLength, signing, [&out](std::string_view bytes) { out.body += bytes; });
  return out;
}

http::Headers decodeChunks(std::string_view body, ChunkForm form, std::string_view decodedLength,
                           const ChunkSigning* signing, const Sink& sink) {
  return Decoder(body, form, signing, sink).decode(decodedLength);
}

}  // namespace athanor::local::auth
