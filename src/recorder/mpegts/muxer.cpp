#include "recorder/mpegts/muxer.h"

#include <algorithm>
#include <boost/crc.hpp>
#include <cstring>
#include <utility>

#include "recorder/codec/bytes.h"
#include "recorder/codec/h264.h"
#include "recorder/mpegts/packet.h"

namespace athanor::recorder::mpegts {

namespace {

constexpr std::uint16_t pmtPid = 0x1000, videoPid = 0x100, audioPid = 0x101;

/// A decoder gets its bytes this long before it needs them.
constexpr Ticks clockLead = ticksPerSecond / 2;
/// Added to every time stamp, so that the clock of the first picture is not negative.
constexpr Ticks origin = ticksPerSecond;

/// Audio waits until it covers this long, or holds this many bytes: small packets cost most of their 188.
constexpr Ticks audioWait = ticksPerSecond / 8;
constexpr std::size_t audioMost = std::size_t{8} * 1024;

constexpr std::string_view startCode("\0\0\0\1", 4);
constexpr std::string_view delimiter("\0\0\0\1\x09\xf0", 6);  // access unit delimiter: any slice type

/// One packet that holds one section of a table (2.4.4), padded with 0xff.
std::string tablePacket(std::uint16_t pid, std::string section) {
  // section_length counts what follows it, with the CRC
  const auto length = section.size() - 3 + 4;
  section[1] = static_cast<char>(0xb0 | (length >> 8));
  section[2] = static_cast<char>(length & 0xff);
  boost::crc_optimal<32, 0x04C11DB7, 0xFFFFFFFF, 0, false, false> crc;
  crc.process_bytes(section.data(), section.size());
  putBigEndian(section, crc.checksum() >> 16, 2);
  putBigEndian(section, crc.checksum() & 0xffff, 2);
  std::string out;
  out += static_cast<char>(syncByte);
  putBigEndian(out, 0x4000U | pid, 2);  // payload_unit_start
  out += '\x10';                        // payload only; the counter is set when it is written
  out += '\0';                          // pointer_field
  out += section;
  out.resize(packetSize, '\xff');
  return out;
}

std::string patPacket() {
  std::string section("\0\0\0", 3);
  putBigEndian(section, 1, 2);                 // transport_stream_id
  section += std::string_view("\xc1\0\0", 3);  // version 0, current, section 0 of 0
  putBigEndian(section, 1, 2);                 // program_number
  putBigEndian(section, 0xe000U | pmtPid, 2);
  return tablePacket(patPid, section);
}

std::string pmtPacket(bool audio) {
  std::string section("\2\0\0", 3);
  putBigEndian(section, 1, 2);  // program_number
  section += std::string_view("\xc1\0\0", 3);
  putBigEndian(section, 0xe000U | videoPid, 2);  // PCR_PID
  putBigEndian(section, 0xf000U, 2);             // no descriptors
  const auto stream = [&](std::uint8_t type, std::uint16_t pid) {
    section += static_cast<char>(type);
    putBigEndian(section, 0xe000U | pid, 2);
    putBigEndian(section, 0xf000U, 2);
  };
  stream(streamTypeH264, videoPid);
  if (audio) stream(streamTypeAac, audioPid);
  return tablePacket(pmtPid, section);
}

/// A time stamp of a PES header (2.4.3.7): 33 bits between marker bits.
void putStamp(std::string& out, unsigned prefix, Ticks ticks) {
  const auto value = static_cast<std::uint64_t>(ticks + origin) % clockWrap;
  out += static_cast<char>(prefix << 4 | (value >> 30 & 7) << 1 | 1);
  putBigEndian(out, static_cast<unsigned>((value >> 15 & 0x7fff) << 1 | 1), 2);
  putBigEndian(out, static_cast<unsigned>((value & 0x7fff) << 1 | 1), 2);
}

/// `size`: bytes of payload; 0 for video, whose packets may be of any length (2.4.3.7).
std::string pesHeader(std::uint8_t streamId, Ticks pts, Ticks dts, std::size_t size) {
  const bool both = pts != dts;
  std::string out("\0\0\1", 3);
  out += static_cast<char>(streamId);
  putBigEndian(out, size == 0 ? 0 : static_cast<unsigned>(size + (both ? 13 : 8)), 2);
  out += '\x84';  // the payload begins with an access unit (data_alignment_indicator)
  out += both ? '\xc0' : '\x80';
  out += both ? '\x0a' : '\x05';
  putStamp(out, both ? 3 : 2, pts);
  if (both) putStamp(out, 1, dts);
  return out;
}

/// Copies what several views hold, one after the other.
class Cursor {
 public:
  explicit Cursor(const std::vector<std::string_view>& pieces) : at_(pieces.begin()), end_(pieces.end()) {
    for (const auto& piece : pieces) left_ += piece.size();
  }
  std::size_t left() const { return left_; }
  void copy(char* to, std::size_t size) {
    left_ -= size;
    while (size > 0) {
      const auto now = std::min(size, at_->size() - done_);
      std::memcpy(to, at_->data() + done_, now);
      to += now;
      size -= now;
      done_ += now;
      if (done_ == at_->size() && ++at_ != end_) done_ = 0;
    }
  }

 private:
  std::vector<std::string_view>::const_iterator at_, end_;
  std::size_t done_ = 0, left_ = 0;
};

/// Fills an adaptation field (2.4.3.4) of `size` bytes in all, at least 1; the rest of it is stuffing.
void adapt(char* to, std::size_t size, bool fresh, bool keyframe, const Ticks* clock) {
  to[0] = static_cast<char>(size - 1);
  if (size == 1) return;
  // discontinuity_indicator, random_access_indicator, PCR_flag
  to[1] = static_cast<char>((fresh ? 0x80 : 0) | (keyframe ? 0x40 : 0) | (clock ? 0x10 : 0));
  std::size_t used = 2;
  if (clock) {
    const auto base = static_cast<std::uint64_t>(*clock + origin - clockLead) % clockWrap;
    to[2] = static_cast<char>(base >> 25);
    to[3] = static_cast<char>(base >> 17 & 0xff);
    to[4] = static_cast<char>(base >> 9 & 0xff);
    to[5] = static_cast<char>(base >> 1 & 0xff);
    to[6] = static_cast<char>((base & 1) << 7 | 0x7e);
    to[7] = 0;  // extension
    used = 8;
  }
  std::memset(to + used, 0xff, size - used);
}

}  // namespace

std::string adtsHeader(const AudioFormat& format, std::size_t size) {
  // The AudioSpecificConfig begins with 5 bits of object type, 4 of frequency index, 4 of channels.
  const auto byte = [&](std::size_t at) {
    return at < format.config.size() ? static_cast<unsigned char>(format.config[at]) : 0U;
  };
  const unsigned object = byte(0) >> 3, frequency = (byte(0) & 7) << 1 | byte(1) >> 7,
                 channels = byte(1) >> 3 & 15;
  // HE-AAC is AAC LC to whoever reads ADTS: the profile has two bits.
  const unsigned profile = object >= 1 && object <= 4 ? object - 1 : 1;
  const auto length = static_cast<unsigned>(size + 7);
  std::string out;
  putBigEndian(out, 0xfff1, 2);  // MPEG-4, no CRC
  out += static_cast<char>(profile << 6 | frequency << 2 | channels >> 2);
  out += static_cast<char>((channels & 3) << 6 | length >> 11);
  out += static_cast<char>(length >> 3 & 0xff);
  out += static_cast<char>((length & 7) << 5 | 0x1f);
  out += '\xfc';
  return out;
}

Muxer::Muxer(Format format)
    : format_(std::move(format)), tables_(patPacket() + pmtPacket(format_.audio.has_value())) {}

void Muxer::begin(std::string& out) {
  for (const std::size_t table : {std::size_t{0}, packetSize})
    tables_[table + 3] = static_cast<char>(0x10 | tableCounter_);
  tableCounter_ = (tableCounter_ + 1) & 15;
  out += tables_;
}

void Muxer::write(const Packet& packet, std::string& out) {
  packet.track == Track::video ? writeVideo(packet, out) : waitAudio(packet, out);
}

void Muxer::writeVideo(const Packet& packet, std::string& out) {
  const auto has = [&](std::uint8_t type) {
    return std::ranges::any_of(packet.units, [&](auto unit) { return h264::nalType(unit) == type; });
  };
  const auto header = pesHeader(0xe0, packet.pts, packet.dts, 0);
  pieces_.assign({header});
  if (packet.units.empty() || h264::nalType(packet.units.front()) != h264::nalDelimiter)
    pieces_.push_back(delimiter);
  const auto add = [&](std::string_view unit) { pieces_.insert(pieces_.end(), {startCode, unit}); };
  auto unit = packet.units.begin();
  if (unit != packet.units.end() && h264::nalType(*unit) == h264::nalDelimiter) add(*unit++);
  if (packet.keyframe && !(has(h264::nalSps) && has(h264::nalPps)))
    for (const auto& set : format_.video.parameterSets) add(set);
  for (; unit != packet.units.end(); ++unit) add(*unit);
  packetize(video_, pieces_, packet.keyframe, &packet.dts, out);
}

void Muxer::waitAudio(const Packet& packet, std::string& out) {
  if (!format_.audio) return;
  if (!audio_.empty() && (packet.pts - audioPts_ >= audioWait || audio_.size() >= audioMost)) flush(out);
  if (audio_.empty()) audioPts_ = packet.pts;
  for (const auto& frame : packet.units) {
    audio_ += adtsHeader(*format_.audio, frame.size());
    audio_ += frame;
  }
}

void Muxer::flush(std::string& out) {
  if (audio_.empty()) return;
  const auto header = pesHeader(0xc0, audioPts_, audioPts_, audio_.size());
  pieces_.assign({header, audio_});
  packetize(sound_, pieces_, false, nullptr, out);
  audio_.clear();
}

void Muxer::packetize(Lane& lane, const Pieces& pieces, bool keyframe, const Ticks* clock, std::string& out) {
  Cursor from(pieces);
  const bool fresh = std::exchange(lane.fresh, false);
  const std::size_t first = clock ? 8 : keyframe || fresh ? 2 : 0;  // of its adaptation field
  const auto packets = (from.left() + first + payloadSize - 1) / payloadSize;
  const auto begin = out.size();
  const auto end = begin + packets * packetSize;  // libstdc++ 12 tells the callback a larger size
  out.resize_and_overwrite(end, [end](char*, std::size_t) { return end; });
  char* to = out.data() + begin;
  for (std::size_t at = 0; at < packets; ++at, to += packetSize) {
    auto field = at == 0 ? first : 0;
    if (from.left() < payloadSize - field) field = payloadSize - from.left();  // the last one is stuffed
    to[0] = static_cast<char>(syncByte);
    to[1] = static_cast<char>((at == 0 ? 0x40U : 0U) | lane.pid >> 8);
    to[2] = static_cast<char>(lane.pid & 0xff);
    to[3] = static_cast<char>((field > 0 ? 0x30 : 0x10) | lane.counter);
    lane.counter = (lane.counter + 1) & 15;
    if (field > 0) adapt(to + 4, field, at == 0 && fresh, at == 0 && keyframe, at == 0 ? clock : nullptr);
    from.copy(to + 4 + field, payloadSize - field);
  }
}

}  // namespace athanor::recorder::mpegts
