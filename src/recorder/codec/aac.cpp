#include "recorder/codec/aac.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "recorder/codec/bits.h"

namespace athanor::recorder::aac {

namespace {

/// samplingFrequencyIndex (table 1.18); 15 says that the frequency itself follows.
constexpr std::array frequencies{96000, 88200, 64000, 48000, 44100, 32000, 24000,
                                 22050, 16000, 12000, 11025, 8000,  7350};

std::uint32_t objectType(Bits& bits) {
  const auto type = bits.take(5);
  return type == 31 ? 32 + bits.take(6) : type;
}

int frequency(Bits& bits) {
  const auto index = bits.take(4);
  if (index == 15) return static_cast<int>(bits.take(24));
  if (index >= frequencies.size())
    throw Malformed("an AudioSpecificConfig has a reserved sampling frequency");
  return frequencies.at(index);
}

}  // namespace

AudioFormat format(std::string config) {
  Bits bits(config);
  AudioFormat out;
  const auto object = objectType(bits);
  out.sampleRate = frequency(bits);
  const auto channels = bits.take(4);
  if (channels > 7) throw Malformed("an AudioSpecificConfig has a reserved channel configuration");
  out.channels = channels == 7 ? 8 : static_cast<int>(channels);
  // AAC Main, LC, SSR, LTP, and SBR and PS around them: HE-AAC (table 1.17).
  const bool spectral = object == 5 || object == 29;
  if ((object < 1 || object > 4) && !spectral)
    throw Malformed(fmt::format("the audio is of MPEG-4 object type {}, and only AAC is taken", object));
  if (spectral) out.sampleRate = frequency(bits);
  if (out.sampleRate <= 0) throw Malformed("an AudioSpecificConfig says 0 samples a second");
  out.codec = fmt::format("mp4a.40.{}", object);
  out.config = std::move(config);
  return out;
}

std::string configOf(std::string_view adtsHeader) {
  Bits bits(adtsHeader);
  if (bits.take(12) != 0xfff) throw Malformed("an ADTS header does not begin with its sync word");
  bits.skip(4);
  const auto object = bits.take(2) + 1, index = bits.take(4);
  bits.skip(1);
  const auto channels = bits.take(3);
  return {static_cast<char>(object << 3 | index >> 1), static_cast<char>((index & 1) << 7 | channels << 3)};
}

}  // namespace athanor::recorder::aac
