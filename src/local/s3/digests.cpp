#include "local/s3/digests.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <zlib.h>

#include <array>
#include <bit>
#include <cstring>
#include <stdexcept>

namespace athanor::local::s3 {

struct Digest::Way {
  virtual ~Way() = default;
  virtual void update(std::string_view bytes) = 0;
  virtual std::string finish() = 0;
};

namespace {

std::string bigEndian(std::uint64_t value, std::size_t bytes) {
  std::string out;
  for (std::size_t i = bytes; i-- > 0;) out += static_cast<char>((value >> (8 * i)) & 0xFF);
  return out;
}

class Hash final : public Digest::Way {
 public:
  explicit Hash(const EVP_MD* algorithm) : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    if (!context_ || EVP_DigestInit_ex(context_.get(), algorithm, nullptr) != 1)
      throw std::runtime_error("OpenSSL does not give a digest");
  }
  void update(std::string_view bytes) override {
    EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
  }
  std::string finish() override {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned size = 0;
    EVP_DigestFinal_ex(context_.get(), out.data(), &size);
    return {reinterpret_cast<const char*>(out.data()), size};
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

class Crc32 final : public Digest::Way {
 public:
  void update(std::string_view bytes) override {
    crc_ = ::crc32_z(crc_, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
  }
  std::string finish() override { return bigEndian(crc_, 4); }

 private:
  unsigned long crc_ = 0;
};

/// A reflected CRC, all ones before and after, eight bytes at a time by tables ("slicing by 8"): boost's
/// takes them one by one, which would cost more than the MD5 beside it.
template <class Word, Word polynomial>
class Crc final : public Digest::Way {
 public:
  void update(std::string_view bytes) override {
    static constexpr auto tables = made();
    constexpr std::size_t step = 8;
    auto crc = crc_;
    for (; bytes.size() >= step; bytes.remove_prefix(step)) {
      std::uint64_t next = 0;
      std::memcpy(&next, bytes.data(), step);  // little-endian, as every machine that this is built for
      next ^= crc;
      crc = 0;
      for (std::size_t i = 0; i < step; ++i) crc ^= tables[step - 1 - i][(next >> (8 * i)) & 0xFF];
    }
    for (const char c : bytes) crc = (crc >> 8) ^ tables[0][(crc ^ static_cast<unsigned char>(c)) & 0xFF];
    crc_ = crc;
  }
  std::string finish() override { return bigEndian(static_cast<Word>(~crc_), sizeof(Word)); }

 private:
  using Tables = std::array<std::array<Word, 256>, 8>;
  /// tables[k][b]: what the byte b does to the sum when k more bytes follow.
  static constexpr Tables made() {
    Tables out{};
    for (std::size_t b = 0; b < 256; ++b) {
      auto word = static_cast<Word>(b);
      for (int bit = 0; bit < 8; ++bit) word = (word >> 1) ^ ((word & 1) ? polynomial : 0);
      out[0][b] = word;
    }
    for (std::size_t k = 1; k < out.size(); ++k)
      for (std::size_t b = 0; b < 256; ++b) out[k][b] = (out[k - 1][b] >> 8) ^ out[0][out[k - 1][b] & 0xFF];
    return out;
  }

  Word crc_ = static_cast<Word>(~Word{0});
};
static_assert(std::endian::native == std::endian::little);
using Crc32c = Crc<std::uint32_t, 0x82F63B78>;             // RFC 9260, appendix B
using Crc64Nvme = Crc<std::uint64_t, 0x9A6C9329AC4BC9B5>;  // NVM Express command set, "64b CRC"

std::unique_ptr<Digest::Way> wayOf(std::string_view algorithm) {
  if (algorithm == "MD5") return std::make_unique<Hash>(EVP_md5());
  if (algorithm == "SHA1") return std::make_unique<Hash>(EVP_sha1());
  if (algorithm == "SHA256") return std::make_unique<Hash>(EVP_sha256());
  if (algorithm == "CRC32") return std::make_unique<Crc32>();
  if (algorithm == "CRC32C") return std::make_unique<Crc32c>();
  if (algorithm == "CRC64NVME") return std::make_unique<Crc64Nvme>();
  throw std::logic_error(fmt::format("no digest is called {}", algorithm));
}

}  // namespace

bool isChecksumAlgorithm(std::string_view name) {
  return name == "CRC32" || name == "CRC32C" || name == "CRC64NVME" || name == "SHA1" || name == "SHA256";
}

bool ofWholeObjects(std::string_view algorithm) { return algorithm.starts_with("CRC"); }

Digest::Digest(std::string_view algorithm) : way_(wayOf(algorithm)) {}
Digest::~Digest() = default;
Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;
void Digest::update(std::string_view bytes) { way_->update(bytes); }
std::string Digest::finish() { return way_->finish(); }

std::string digest(std::string_view algorithm, std::string_view bytes) {
  Digest out(algorithm);
  out.update(bytes);
  return out.finish();
}

}  // namespace athanor::local::s3
