#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "recorder/codec/malformed.h"

namespace athanor::recorder {

/// A number of up to 8 bytes, the most significant first, as RTMP, FLV, AMF and MPEG-TS have them.
inline std::uint64_t bigEndian(std::string_view bytes) {
  std::uint64_t out = 0;
  for (const char c : bytes) out = out << 8 | static_cast<unsigned char>(c);
  return out;
}

/// The number in the first `size` bytes. Throws Malformed where there are fewer.
inline std::uint32_t leadingNumber(std::string_view bytes, std::size_t size = 4) {
  if (bytes.size() < size) throw Malformed("a control message is too short");
  return static_cast<std::uint32_t>(bigEndian(bytes.substr(0, size)));
}

/// Appends the lowest `size` bytes of a number, the most significant first.
inline void putBigEndian(std::string& out, std::uint64_t value, int size) {
  for (int i = size - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i) & 0xff);
}

}  // namespace athanor::recorder
