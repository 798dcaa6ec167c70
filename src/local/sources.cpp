#include "local/sources.h"

#include <fmt/format.h>
#include <openssl/rand.h>

#include <array>
#include <memory>
#include <span>
#include <stdexcept>
#include <string_view>

namespace athanor::local {

namespace {

/// Random numbers, fetched from OpenSSL by the block.
class RandomBlock {
 public:
  std::uint64_t next() {
    if (used_ == block_.size()) {
      auto bytes = std::as_writable_bytes(std::span(block_));
      if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) != 1)
        throw std::runtime_error("the system gives no random numbers");
      used_ = 0;
    }
    return block_[used_++];
  }

 private:
  std::array<std::uint64_t, 128> block_{};
  std::size_t used_ = block_.size();
};

std::string drawn(const Sources& sources, std::string_view from, std::size_t length) {
  std::string out(length, ' ');
  for (char& c : out) c = from[sources.random() % from.size()];
  return out;
}

}  // namespace

Sources systemSources() {
  auto block = std::make_shared<RandomBlock>();
  return {.now = [] { return std::chrono::system_clock::now(); },
          .random = [block] { return block->next(); }};
}

std::string uuid(const Sources& sources) {
  const auto high = (sources.random() & ~std::uint64_t{0xF000}) | 0x4000;
  const auto low = (sources.random() & ~(std::uint64_t{3} << 62)) | (std::uint64_t{1} << 63);
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, (high >> 16) & 0xFFFF, high & 0xFFFF,
                     low >> 48, low & 0xFFFFFFFFFFFF);
}

std::string randomId(const Sources& sources, std::size_t length) {
  return drawn(sources, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", length);
}

std::string randomLowerId(const Sources& sources, std::size_t length) {
  return drawn(sources, "abcdefghijklmnopqrstuvwxyz0123456789", length);
}

}  // namespace athanor::local
