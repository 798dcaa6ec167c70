#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "recorder/media.h"

namespace athanor::recorder::h264 {

/// nal_unit_type (ISO/IEC 14496-10, table 7-1).
enum Nal : std::uint8_t { nalSlice = 1, nalIdr = 5, nalSei = 6, nalSps = 7, nalPps = 8, nalDelimiter = 9 };

/// The type of a NAL unit; 0 where it is empty.
std::uint8_t nalType(std::string_view unit);

/// An AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1).
struct Configuration {
  std::size_t lengthSize = 4;              ///< bytes of the length in front of each NAL unit
  std::vector<std::string> parameterSets;  ///< SPS, then PPS
};
/// Throws Malformed.
Configuration configuration(std::string_view record);

/// What the parameter sets say. Throws Malformed where the first of them is no SPS, or one that H.264 does
/// not know.
VideoFormat format(std::vector<std::string> parameterSets);

/// The NAL units of an access unit in which each is preceded by its length. Throws Malformed where a length
/// reaches past the end.
void splitLengths(std::string_view bytes, std::size_t lengthSize, std::vector<std::string_view>& out);

/// The NAL units of a byte stream with start codes (ISO/IEC 14496-10, annex B). Never throws: what precedes
/// the first start code is left out.
void splitStartCodes(std::string_view bytes, std::vector<std::string_view>& out);

}  // namespace athanor::recorder::h264
