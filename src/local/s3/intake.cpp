#include "local/s3/intake.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "aws/text.h"
#include "base/hex.h"
#include "local/base64.h"
#include "local/s3/digests.h"
#include "local/s3/refusals.h"

namespace athanor::local::s3 {

namespace {

constexpr std::size_t piece = std::size_t{256} * 1024;
constexpr std::string_view checksumPrefix = "x-amz-checksum-";

void throwLast() { throw std::system_error(errno, std::generic_category()); }

Refusal badDigest(const std::string& what) {
  return {400, "BadDigest", fmt::format("The {} you specified did not match what we received.", what)};
}

/// A whole file as bytes.
class Mapped {
 public:
  explicit Mapped(const http::BodyFile& file) : size_(file.size()) {
    if (size_ == 0) return;
    bytes_ = ::mmap(nullptr, size_, PROT_READ, MAP_SHARED, file.descriptor(), 0);
    if (bytes_ == MAP_FAILED) throwLast();
    ::madvise(bytes_, size_, MADV_SEQUENTIAL);
  }
  ~Mapped() {
    if (size_ != 0) ::munmap(bytes_, size_);
  }
  Mapped(const Mapped&) = delete;
  Mapped& operator=(const Mapped&) = delete;
  std::string_view view() const { return {static_cast<const char*>(bytes_), size_}; }

 private:
  void* bytes_ = nullptr;
  std::size_t size_ = 0;
};

/// Writes what it is given to the beginning of a file, which may be the one that it comes from: it never
/// overtakes what is still to be read.
class Compaction {
 public:
  explicit Compaction(int file) : file_(file) {}
  void add(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto size = std::min(bytes.size(), piece);
      piece_.assign(bytes.substr(0, size));  // the mapped source and the target may overlap
      for (std::size_t done = 0; done < size;) {
        const auto written =
            ::pwrite(file_, piece_.data() + done, size - done, static_cast<off_t>(at_ + done));
        if (written < 0) throwLast();
        done += static_cast<std::size_t>(written);
      }
      at_ += size;
      bytes.remove_prefix(size);
    }
  }
  std::uint64_t size() const { return at_; }

 private:
  int file_;
  std::uint64_t at_ = 0;
  std::string piece_;
};

/// The digests that a promise needs, over the same bytes.
class Digests {
 public:
  explicit Digests(const Promise& promise) {
    if (!promise.algorithm.empty()) checksum_.emplace(promise.algorithm);
    if (!promise.sha256.empty()) sha256_.emplace("SHA256");
  }
  void update(std::string_view bytes) {
    for (; !bytes.empty(); bytes.remove_prefix(std::min(bytes.size(), piece))) {
      const auto part = bytes.substr(0, piece);  // stays in the processor's cache for all of them
      md5_.update(part);
      if (checksum_) checksum_->update(part);
      if (sha256_) sha256_->update(part);
    }
  }
  std::string md5() { return md5_.finish(); }
  std::string checksum() { return checksum_ ? base64(checksum_->finish()) : ""; }
  std::string sha256() { return sha256_ ? hex(sha256_->finish()) : ""; }

 private:
  Digest md5_{"MD5"};
  std::optional<Digest> checksum_, sha256_;
};

}  // namespace

std::string checksumHeaderName(std::string_view algorithm) {
  return std::string(checksumPrefix) + aws::lower(algorithm);
}

std::optional<std::pair<std::string, std::string>> checksumHeader(const http::Headers& headers) {
  for (const auto& [name, value] : headers) {
    if (!name.starts_with(checksumPrefix)) continue;
    auto algorithm = name.substr(checksumPrefix.size());
    std::ranges::transform(algorithm, algorithm.begin(), [](char c) {
      return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    if (isChecksumAlgorithm(algorithm)) return std::pair(algorithm, value);
  }
  return {};
}

Promise promiseOf(const http::Request& request) {
  Promise out;
  const auto sha256 = request.header("x-amz-content-sha256");
  out.chunks = auth::chunkForm(sha256);
  if (isHex(sha256, 32)) out.sha256 = sha256;
  out.decodedLength = request.header("x-amz-decoded-content-length");
  out.md5 = request.header("content-md5");
  if (!out.md5.empty() && (out.md5.size() != 24 || !out.md5.ends_with("==")))
    throw Refusal(400, "InvalidDigest", "The Content-MD5 you specified is not valid.");
  if (auto found = checksumHeader(request.headers)) {
    std::tie(out.algorithm, out.checksum) = *std::move(found);
    return out;
  }
  if (const auto trailer = checksumHeader({{std::string(request.header("x-amz-trailer")), ""}}))
    out.algorithm = trailer->first;
  const std::string said(request.header("x-amz-sdk-checksum-algorithm"));
  if (said.empty()) return out;
  if (!isChecksumAlgorithm(said))
    throw Refusal(400, "InvalidRequest",
                  "Checksum algorithm provided is unsupported. Please try again with any of the valid types: "
                  "[CRC32, CRC32C, CRC64NVME, SHA1, SHA256]");
  if (out.algorithm.empty() && !request.header("x-amz-trailer").empty())
    throw Refusal(400, "InvalidRequest", "The value specified in the x-amz-trailer header is not supported");
  return out;
}

Content receive(http::BodyFile& body, const Promise& promise, Contents& contents) {
  Digests digests(promise);
  auto expected = promise.checksum;
  {
    const Mapped mapped(body);
    if (promise.chunks) {
      Compaction compaction(body.descriptor());
      const auto trailers =
          auth::decodeChunks(mapped.view(), *promise.chunks, promise.decodedLength,
                             promise.signing ? &*promise.signing : nullptr, [&](std::string_view bytes) {
                               digests.update(bytes);
                               compaction.add(bytes);
                             });
      if (const auto found = checksumHeader(trailers); found && found->first == promise.algorithm)
        expected = found->second;
      body.truncate(compaction.size());
    } else {
      digests.update(mapped.view());
    }
  }
  Content out;
  out.file = body.path().filename();
  out.size = body.size();
  const auto md5 = digests.md5();
  out.etag = hex(md5);
  if (!promise.md5.empty() && promise.md5 != base64(md5)) throw badDigest("Content-MD5");
  if (const auto made = digests.sha256(); made != promise.sha256)
    throw Refusal(400, "XAmzContentSHA256Mismatch",
                  "The provided 'x-amz-content-sha256' header does not match what was computed.",
                  {{"ClientComputedContentSHA256", promise.sha256}, {"S3ComputedContentSHA256", made}});
  out.checksum = {promise.algorithm, digests.checksum(), false};
  if (!expected.empty() && expected != out.checksum.value) throw badDigest(promise.algorithm);
  contents.sync(body);
  return out;
}

namespace {

/// Appends a part of a file and shows each piece to `seen`.
void append(http::BodyFile& out, const http::OpenFile& from, std::uint64_t offset, std::uint64_t size,
            const std::function<void(std::string_view)>& seen) {
  std::string buffer(4 * piece, '\0');
  while (size > 0) {
    const auto got = ::pread(from.descriptor(), buffer.data(), std::min<std::uint64_t>(buffer.size(), size),
                             static_cast<off_t>(offset));
    if (got < 0) throwLast();
    if (got == 0) throw std::system_error(ENODATA, std::generic_category());
    const std::string_view bytes(buffer.data(), static_cast<std::size_t>(got));
    seen(bytes);
    if (const auto failed = out.append(bytes)) throw std::system_error(failed);
    offset += bytes.size();
    size -= bytes.size();
  }
}

}  // namespace

void append(http::BodyFile& out, const http::OpenFile& from, std::uint64_t offset, std::uint64_t size) {
  append(out, from, offset, size, [](std::string_view) {});
}

std::string join(http::BodyFile& out, const std::vector<Content>& parts, const std::string& algorithm,
                 Contents& contents) {
  std::optional<Digest> checksum;
  if (!algorithm.empty()) checksum.emplace(algorithm);
  for (const auto& part : parts)
    append(out, http::OpenFile(contents.path(part.file)), 0, part.size, [&](std::string_view bytes) {
      if (checksum) checksum->update(bytes);
    });
  contents.sync(out);
  return checksum ? base64(checksum->finish()) : "";
}

}  // namespace athanor::local::s3
