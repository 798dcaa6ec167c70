#include "local/sources.h"

#include <openssl/rand.h>

#include <array>
#include <memory>
#include <span>
#include <stdexcept>
#include <string_view>

#include "base/random_text.h"

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

}  // namespace

Sources systemSources() {
  auto block = std::make_shared<RandomBlock>();
  return {.now = [] { return std::chrono::system_clock::now(); },
          .random = [block] { return block->next(); }};
}

std::string uuid(const Sources& sources) { return athanor::uuid(sources.random); }

std::string randomId(const Sources& sources, std::size_t length) {
  return randomText(sources.random, lettersAndDigits, length);
}

std::string randomLowerId(const Sources& sources, std::size_t length) {
  return randomText(sources.random, lettersAndDigits.substr(26), length);
}

}  // namespace athanor::local
