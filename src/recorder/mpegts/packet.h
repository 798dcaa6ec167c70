#pragma once

#include <cstddef>
#include <cstdint>

namespace athanor::recorder::mpegts {

/// What our transport streams and those of encoders share (ISO/IEC 13818-1).
constexpr std::size_t packetSize = 188;   // 2.4.3.2
constexpr std::size_t payloadSize = 184;  // without an adaptation field
constexpr unsigned char syncByte = 0x47;
constexpr std::uint16_t patPid = 0;  // table 2-3

constexpr std::uint8_t streamTypeAac = 0x0f;   // table 2-34: AAC with ADTS
constexpr std::uint8_t streamTypeH264 = 0x1b;  // table 2-34

constexpr std::uint64_t clockWrap = std::uint64_t{1} << 33;  // PTS, DTS and PCR base have 33 bits

}  // namespace athanor::recorder::mpegts
