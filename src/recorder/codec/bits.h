#pragma once

#include <cstdint>
#include <string_view>

#include "recorder/codec/malformed.h"

namespace athanor::recorder {

/// Reads a string of bits, the most significant of each byte first. Throws Malformed past its end.
class Bits {
 public:
  explicit Bits(std::string_view bytes) : bytes_(bytes) {}

  std::uint32_t take(int count) {
    std::uint32_t out = 0;
    for (int i = 0; i < count; ++i) out = out << 1 | bit();
    return out;
  }
  bool flag() { return bit() != 0; }
  void skip(int count) {
    for (int i = 0; i < count; ++i) bit();
  }
  /// ue(v): an Exp-Golomb code (ISO/IEC 14496-10, 9.1).
  std::uint32_t unsignedGolomb() {
    int zeros = 0;
    while (!flag())
      if (++zeros > 31) throw Malformed("an Exp-Golomb code is longer than 32 bits");
    return (1U << zeros) - 1 + take(zeros);
  }
  /// se(v) (9.1.1).
  std::int32_t signedGolomb() {
    const auto code = unsignedGolomb();
    const auto half = static_cast<std::int32_t>(code / 2);
    return code % 2 == 1 ? half + 1 : -half;
  }

 private:
  std::uint32_t bit() {
    if (at_ / 8 >= bytes_.size()) throw Malformed("a bit string ends too early");
    const auto byte = static_cast<unsigned char>(bytes_[at_ / 8]);
    return byte >> (7 - at_++ % 8) & 1;
  }
  std::string_view bytes_;
  std::size_t at_ = 0;
};

}  // namespace athanor::recorder
