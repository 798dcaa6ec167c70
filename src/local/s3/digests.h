#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace athanor::local::s3 {

/// The algorithms of x-amz-checksum-*: "CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256".
bool isChecksumAlgorithm(std::string_view name);
/// True of those that S3 can give for a whole object that came in parts.
bool ofWholeObjects(std::string_view algorithm);

/// One digest in the making.
class Digest {
 public:
  /// "MD5", or an algorithm of isChecksumAlgorithm().
  explicit Digest(std::string_view algorithm);
  ~Digest();
  Digest(Digest&&) noexcept;
  Digest& operator=(Digest&&) noexcept;

  void update(std::string_view bytes);
  /// The digest's bytes, most significant first; ends it.
  std::string finish();

  struct Way;

 private:
  std::unique_ptr<Way> way_;
};

std::string digest(std::string_view algorithm, std::string_view bytes);

}  // namespace athanor::local::s3
