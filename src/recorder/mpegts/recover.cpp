#include "recorder/mpegts/recover.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <span>
#include <stdexcept>
#include <vector>

#include "recorder/mpegts/packet.h"

namespace athanor::recorder::mpegts {

namespace {

constexpr std::uint16_t videoPid = 0x100;  // Muxer's

using TsPacket = std::array<unsigned char, packetSize>;

/// The presentation time in the PES header that a packet begins with (2.4.3.7); none where it begins none.
std::optional<Ticks> stampOf(const TsPacket& packet) {
  const bool begins = packet[1] & 0x40, adapted = packet[3] & 0x20;
  const std::size_t at = 4 + (adapted ? 1U + packet[4] : 0U);
  if (!begins || at + 14 > packetSize || packet[at] != 0 || packet[at + 1] != 0 || packet[at + 2] != 1)
    return {};
  const auto* stamp = &packet[at + 9];
  return Ticks{stamp[0] >> 1 & 7} << 30 | Ticks{stamp[1]} << 22 | Ticks{stamp[2] >> 1} << 15 |
         Ticks{stamp[3]} << 7 | Ticks{stamp[4] >> 1};
}

/// The time from one stamp to a later one, which may have wrapped.
Ticks between(Ticks from, Ticks to) {
  const auto wrap = static_cast<Ticks>(clockWrap);
  const auto out = (to - from) % wrap;
  return out < 0 ? out + wrap : out;
}

struct Picture {
  std::uint64_t offset = 0;  ///< with the tables in front of it
  Ticks stamp = 0;
  bool beginsPart = false;
};

std::vector<Picture> picturesOf(std::istream& in) {
  std::vector<Picture> out;
  std::optional<std::uint64_t> tables;  // where those stand that begin a part
  TsPacket packet{};
  for (std::uint64_t offset = 0; in.read(reinterpret_cast<char*>(packet.data()), packet.size());
       offset += packetSize) {
    if (packet[0] != syncByte) break;
    const auto pid = static_cast<std::uint16_t>((packet[1] & 0x1f) << 8 | packet[2]);
    if (pid == patPid) tables = offset;
    if (const auto stamp = pid == videoPid ? stampOf(packet) : std::nullopt) {
      out.push_back({tables.value_or(offset), *stamp, tables.has_value()});
      tables.reset();
    }
  }
  return out;
}

/// How long a part is that no other follows.
Ticks lastDuration(std::span<const Picture> pictures) {
  Ticks longest = 0;
  for (const auto& picture : pictures)
    longest = std::max(longest, between(pictures.front().stamp, picture.stamp));
  const auto others = static_cast<Ticks>(pictures.size()) - 1;
  return longest + (others > 0 ? longest / others : ticksPerSecond / 30);
}

}  // namespace

std::optional<Segment> recover(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  const auto pictures = picturesOf(in);
  if (pictures.size() < 2) return {};
  Segment out;
  out.size = pictures.back().offset;  // the last one may be cut off
  for (std::size_t at = 0; at + 1 < pictures.size();) {
    auto end = at + 1;
    while (end + 1 < pictures.size() && !pictures[end].beginsPart) ++end;
    Part part{
        .offset = pictures[at].offset, .size = pictures[end].offset - pictures[at].offset, .duration = 0};
    part.duration = pictures[end].beginsPart ? between(pictures[at].stamp, pictures[end].stamp)
                                             : lastDuration(std::span(pictures).subspan(at, end - at));
    out.duration += part.duration;
    out.parts.push_back(part);
    at = end;
  }
  std::filesystem::resize_file(file, out.size);
  return out;
}

}  // namespace athanor::recorder::mpegts
