#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "recorder/media.h"

namespace athanor::recorder::mpegts {

/// Writes access units as an MPEG transport stream with one program (ISO/IEC 13818-1) of H.264 (Annex B) and
/// AAC (ADTS), as HLS wants it (RFC 8216, 3.2): every part can be cut out and played by itself.
class Muxer {
 public:
  explicit Muxer(Format format);

  /// Begins a part: PAT and PMT. The next packet written is an IDR picture.
  void begin(std::string& out);
  /// Appends one access unit. Audio waits until a few frames fill their packets well.
  void write(const Packet& packet, std::string& out);
  /// Appends the audio that waits: before a part ends.
  void flush(std::string& out);

 private:
  /// What one PES packet carries, in order, without a copy.
  using Pieces = std::vector<std::string_view>;

  void writeVideo(const Packet& packet, std::string& out);
  void waitAudio(const Packet& packet, std::string& out);
  /// One of the two streams.
  struct Lane {
    std::uint16_t pid;
    std::uint8_t counter = 0;
    bool fresh = true;  ///< nothing was written: its counter follows on nobody's
  };
  static void packetize(Lane& lane, const Pieces& pieces, bool keyframe, const Ticks* clock,
                        std::string& out);

  Format format_;
  std::string tables_;  ///< PAT and PMT, whole packets
  Pieces pieces_;
  std::string audio_;  ///< frames with ADTS that wait
  Ticks audioPts_ = 0;
  std::uint8_t tableCounter_ = 0;
  Lane video_{.pid = 0x100}, sound_{.pid = 0x101};
};

/// The ADTS header (ISO/IEC 13818-7, 6.2) in front of an AAC frame of `size` bytes.
std::string adtsHeader(const AudioFormat& format, std::size_t size);

}  // namespace athanor::recorder::mpegts
