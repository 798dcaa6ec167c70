#include "recorder/codec/h264.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "recorder/codec/bits.h"
#include "recorder/codec/bytes.h"

namespace athanor::recorder::h264 {

namespace {

/// A NAL unit's payload without its emulation prevention bytes (7.3.1).
std::string payload(std::string_view unit) {
  std::string out;
  out.reserve(unit.size());
  int zeros = 0;
  for (std::size_t at = 1; at < unit.size(); ++at) {
    if (zeros >= 2 && unit[at] == '\x03') {
      zeros = 0;
      continue;
    }
    zeros = unit[at] == '\0' ? zeros + 1 : 0;
    out += unit[at];
  }
  return out;
}

/// The profiles whose SPS says its chroma format (7.3.2.1.1).
bool saysChroma(std::uint32_t profile) {
  constexpr std::array profiles{100U, 110U, 122U, 244U, 44U, 83U, 86U, 118U, 128U, 138U, 139U, 134U, 135U};
  return std::ranges::find(profiles, profile) != profiles.end();
}

void skipScalingList(Bits& bits, int size) {
  std::int32_t last = 8, next = 8;
  for (int at = 0; at < size; ++at) {
    if (next != 0) next = (last + bits.signedGolomb() + 256) % 256;
    if (next != 0) last = next;
  }
}

struct Chroma {
  std::uint32_t format = 1;  // 4:2:0
  bool separate = false;
};

Chroma chroma(Bits& bits) {
  Chroma out;
  out.format = bits.unsignedGolomb();
  if (out.format == 3) out.separate = bits.flag();
  bits.unsignedGolomb();  // bit_depth_luma_minus8
  bits.unsignedGolomb();  // bit_depth_chroma_minus8
  bits.skip(1);           // qpprime_y_zero_transform_bypass_flag
  if (bits.flag())        // seq_scaling_matrix_present_flag
    for (int list = 0; list < (out.format == 3 ? 12 : 8); ++list)
      if (bits.flag()) skipScalingList(bits, list < 6 ? 16 : 64);
  return out;
}

void skipPictureOrder(Bits& bits) {
  const auto type = bits.unsignedGolomb();
  if (type == 0) {
    bits.unsignedGolomb();
  } else if (type == 1) {
    bits.skip(1);
    bits.signedGolomb();
    bits.signedGolomb();
    const auto count = bits.unsignedGolomb();
    if (count > 255) throw Malformed("an SPS has more than 255 reference frames in its cycle");
    for (std::uint32_t i = 0; i < count; ++i) bits.signedGolomb();
  }
}

/// Frames a second as the VUI says (annex E.1.1); 0 where it says nothing.
double frameRate(Bits& bits) {
  if (!bits.flag()) return 0;  // vui_parameters_present_flag
  if (bits.flag() && bits.take(8) == 255) bits.skip(32);
  if (bits.flag()) bits.skip(1);  // overscan
  if (bits.flag()) {              // video_signal_type_present_flag
    bits.skip(4);
    if (bits.flag()) bits.skip(24);
  }
  if (bits.flag()) {  // chroma_loc_info_present_flag
    bits.unsignedGolomb();
    bits.unsignedGolomb();
  }
  if (!bits.flag()) return 0;  // timing_info_present_flag
  const auto units = bits.take(32), scale = bits.take(32);
  return units == 0 ? 0 : static_cast<double>(scale) / (2.0 * units);
}

std::uint32_t measure(std::uint32_t value) {
  if (value > 1024) throw Malformed("an SPS says that a picture is larger than 16384 samples");
  return value + 1;
}

VideoFormat described(std::string_view sps) {
  if (sps.size() < 4) throw Malformed("an SPS is shorter than its profile and level");
  const auto raw = payload(sps);
  VideoFormat out;
  out.codec = fmt::format("avc1.{:02x}{:02x}{:02x}", static_cast<unsigned char>(sps[1]),
                          static_cast<unsigned char>(sps[2]), static_cast<unsigned char>(sps[3]));
  Bits bits(raw);
  const auto profile = bits.take(8);
  bits.skip(16);
  bits.unsignedGolomb();  // seq_parameter_set_id
  const auto colours = saysChroma(profile) ? chroma(bits) : Chroma{};
  bits.unsignedGolomb();  // log2_max_frame_num_minus4
  skipPictureOrder(bits);
  bits.unsignedGolomb();  // max_num_ref_frames
  bits.skip(1);
  const auto width = measure(bits.unsignedGolomb()) * 16;
  const auto mapUnits = measure(bits.unsignedGolomb());
  const bool frames = bits.flag();
  const auto height = mapUnits * 16 * (frames ? 1 : 2);
  if (!frames) bits.skip(1);
  bits.skip(1);
  std::uint32_t left = 0, right = 0, top = 0, bottom = 0;
  if (bits.flag()) {  // frame_cropping_flag
    left = bits.unsignedGolomb();
    right = bits.unsignedGolomb();
    top = bits.unsignedGolomb();
    bottom = bits.unsignedGolomb();
  }
  const bool sampled = !colours.separate && (colours.format == 1 || colours.format == 2);
  const std::uint64_t cropX = sampled ? 2 : 1;
  const std::uint64_t cropY = (!colours.separate && colours.format == 1 ? 2U : 1U) * (frames ? 1U : 2U);
  const auto across = cropX * (std::uint64_t{left} + right), down = cropY * (std::uint64_t{top} + bottom);
  if (across >= width || down >= height) throw Malformed("an SPS crops the whole picture away");
  out.width = static_cast<int>(width - across);
  out.height = static_cast<int>(height - down);
  out.framesPerSecond = frameRate(bits);
  return out;
}

std::size_t byteAt(std::string_view bytes, std::size_t at) {
  if (at >= bytes.size()) throw Malformed("an AVCDecoderConfigurationRecord ends too early");
  return static_cast<unsigned char>(bytes[at]);
}

/// Adds `count` units that each have two bytes of length in front; gives where they end.
std::size_t takeUnits(std::string_view record, std::size_t at, std::size_t count,
                      std::vector<std::string>& out) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto size = byteAt(record, at) << 8 | byteAt(record, at + 1);
    at += 2;
    if (size == 0 || size > record.size() - at)
      throw Malformed("an AVCDecoderConfigurationRecord names a parameter set that it does not hold");
    out.emplace_back(record.substr(at, size));
    at += size;
  }
  return at;
}

}  // namespace

std::uint8_t nalType(std::string_view unit) {
  return unit.empty() ? 0 : static_cast<std::uint8_t>(unit.front()) & 0x1f;
}

Configuration configuration(std::string_view record) {
  if (byteAt(record, 0) != 1)
    throw Malformed("an AVCDecoderConfigurationRecord is of a version other than 1");
  Configuration out;
  out.lengthSize = (byteAt(record, 4) & 3) + 1;
  const auto pps = takeUnits(record, 6, byteAt(record, 5) & 31, out.parameterSets);
  if (out.parameterSets.empty()) throw Malformed("an AVCDecoderConfigurationRecord holds no SPS");
  takeUnits(record, pps + 1, byteAt(record, pps), out.parameterSets);
  return out;
}

VideoFormat format(std::vector<std::string> parameterSets) {
  if (parameterSets.empty() || nalType(parameterSets.front()) != nalSps)
    throw Malformed("the video comes without an SPS");
  auto out = described(parameterSets.front());
  out.parameterSets = std::move(parameterSets);
  return out;
}

void splitLengths(std::string_view bytes, std::size_t lengthSize, std::vector<std::string_view>& out) {
  for (std::size_t at = 0; at < bytes.size();) {
    if (bytes.size() - at < lengthSize) throw Malformed("an access unit ends within a length");
    const auto size = bigEndian(bytes.substr(at, lengthSize));
    at += lengthSize;
    if (size > bytes.size() - at) throw Malformed("a NAL unit's length reaches past its access unit");
    if (size > 0) out.push_back(bytes.substr(at, size));
    at += size;
  }
}

void splitStartCodes(std::string_view bytes, std::vector<std::string_view>& out) {
  constexpr std::string_view code("\0\0\1", 3);
  for (auto at = bytes.find(code); at != std::string_view::npos;) {
    const auto begin = at + code.size();
    const auto next = bytes.find(code, begin);
    auto unit = bytes.substr(begin, next == std::string_view::npos ? next : next - begin);
    while (!unit.empty() && unit.back() == '\0') unit.remove_suffix(1);  // trailing_zero_8bits
    if (!unit.empty()) out.push_back(unit);
    at = next;
  }
}

}  // namespace athanor::recorder::h264
