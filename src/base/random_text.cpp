#include "base/random_text.h"

#include <fmt/format.h>

namespace athanor {

std::string randomText(const Random& random, std::string_view from, std::size_t length) {
  std::string out(length, ' ');
  for (char& c : out) c = from[random() % from.size()];
  return out;
}

std::string uuid(const Random& random) {
  const auto high = (random() & ~std::uint64_t{0xF000}) | 0x4000;
  const auto low = (random() & ~(std::uint64_t{3} << 62)) | (std::uint64_t{1} << 63);
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, (high >> 16) & 0xFFFF, high & 0xFFFF,
                     low >> 48, low & 0xFFFFFFFFFFFF);
}

}  // namespace athanor
