#include "recorder/ingest/rtmp/chunks.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "recorder/codec/bytes.h"
#include "recorder/codec/malformed.h"

namespace athanor::recorder::rtmp {

namespace {

constexpr std::uint32_t noTimestamp = 0xffffff;  // an extended timestamp follows
constexpr std::size_t largestHeader = 3 + 11 + 4;
constexpr std::size_t largestChunk = std::size_t{16} * 1024 * 1024;

std::uint32_t number(std::string_view bytes, std::size_t at, std::size_t size) {
  return static_cast<std::uint32_t>(bigEndian(bytes.substr(at, size)));
}

}  // namespace

void ChunkReader::read(std::string_view bytes, const Take& take) {
  while (!bytes.empty()) {
    if (left_ > 0) {
      const auto now = std::min(left_, bytes.size());
      current_->message.payload.append(bytes.substr(0, now));
      bytes.remove_prefix(now);
      left_ -= now;
      if (left_ == 0) finish(take);
      continue;
    }
    const auto had = partial_.size();
    std::string_view from = bytes;
    if (had > 0) from = partial_.append(bytes.substr(0, largestHeader - had));
    const auto next = header(from);
    if (next.size == 0) {
      if (had == 0) partial_ = bytes;
      return;
    }
    // A header can turn out to be shorter than what was kept of it: then the payload has begun there.
    const auto payload = had > next.size ? partial_.substr(next.size, had - next.size) : std::string();
    if (had < next.size) bytes.remove_prefix(next.size - had);
    partial_.clear();
    apply(next);
    if (left_ == 0) finish(take);
    if (!payload.empty()) read(payload, take);
  }
}

ChunkReader::Header ChunkReader::header(std::string_view bytes) {
  Header out;
  out.form = static_cast<std::uint8_t>(bytes[0]) >> 6;
  out.stream = static_cast<std::uint8_t>(bytes[0]) & 0x3f;
  std::size_t at = 1;
  if (out.stream < 2) {
    at = out.stream + 2;
    if (bytes.size() < at) return {};
    out.stream = static_cast<std::uint8_t>(bytes[1]) + 64U +
                 (at == 3 ? static_cast<std::uint8_t>(bytes[2]) * 256U : 0U);
  }
  constexpr std::size_t sizes[] = {11, 7, 3, 0};
  const auto fields = at;
  at += sizes[out.form];
  if (bytes.size() < at) return {};
  if (out.form < 3) out.timestamp = number(bytes, fields, 3);
  if (out.form < 2) {
    out.length = number(bytes, fields + 3, 3);
    out.type = static_cast<std::uint8_t>(bytes[fields + 6]);
  }
  if (out.form == 0)  // little-endian, alone of all
    for (std::size_t i = 4; i-- > 0;)
      out.messageStream = out.messageStream << 8 | static_cast<unsigned char>(bytes[fields + 7 + i]);
  const auto known = streams_.find(out.stream);
  const Stream* stream = known == streams_.end() ? nullptr : &known->second;
  out.extended = out.form < 3 ? out.timestamp == noTimestamp : stream && stream->hasExtended;
  if (out.extended) {
    if (bytes.size() < at + 4) return {};
    const auto value = number(bytes, at, 4);
    // Some encoders leave it out of the chunks that continue a message; then payload stands there.
    if (out.form == 3 && stream->open && value != stream->extended)
      out.extended = false;
    else
      at += 4;
    out.timestamp = value;
  }
  out.size = at;
  return out;
}

void ChunkReader::apply(const Header& header) {
  const auto found = streams_.find(header.stream);
  if (found == streams_.end() && streams_.size() >= limits_.streams)
    throw Malformed(fmt::format("more than {} chunk streams are used", limits_.streams));
  auto& stream = found == streams_.end() ? streams_[header.stream] : found->second;
  if (header.form != 0 && !stream.begun) throw Malformed("a chunk stream begins without a full header");
  if (stream.open && header.form != 3) throw Malformed("a message begins while another one is not whole");
  if (!stream.open) {
    if (header.form < 3) {
      stream.hasExtended = header.extended;
      stream.extended = header.timestamp;
    }
    if (header.form < 2) {
      stream.length = header.length;
      stream.message.type = header.type;
    }
    if (header.form == 0) {
      stream.message.stream = header.messageStream;
      stream.message.timestamp = header.timestamp;
      stream.step = 0;
      stream.begun = true;
    } else {
      if (header.form < 3) stream.step = header.timestamp;
      stream.message.timestamp += stream.step;
    }
    if (stream.length > limits_.message)
      throw Malformed(
          fmt::format("a message has {} bytes, and {} are taken", stream.length, limits_.message));
    stream.message.payload.clear();
    stream.open = true;
  }
  current_ = &stream;
  left_ = std::min<std::size_t>(stream.length - stream.message.payload.size(), chunkSize_);
  pending_ += left_;
  if (pending_ > limits_.pending)
    throw Malformed(fmt::format("messages that are not whole hold more than {} bytes", limits_.pending));
}

void ChunkReader::finish(const Take& take) {
  auto& stream = *current_;
  if (stream.message.payload.size() < stream.length) return;
  stream.open = false;
  pending_ -= stream.length;
  control(stream.message);
  take(stream.message);
}

/// What changes how chunks are read (5.4.1 and 5.4.2).
void ChunkReader::control(const Message& message) {
  if (message.type != setChunkSize && message.type != abortMessage) return;
  if (message.payload.size() < 4) throw Malformed("a control message is too short");
  const auto value = number(message.payload, 0, 4);
  if (message.type == setChunkSize) {
    if (value == 0 || value > 0x7fffffff) throw Malformed("a chunk size is not between 1 and 2147483647");
    chunkSize_ = std::min<std::size_t>(value, largestChunk);
    return;
  }
  const auto aborted = streams_.find(value);
  if (aborted == streams_.end() || !aborted->second.open) return;
  pending_ -= aborted->second.message.payload.size();
  aborted->second.open = false;
}

void writeMessage(std::string& out, std::uint8_t chunkStream, const Message& message, std::size_t chunkSize) {
  const bool extended = message.timestamp >= noTimestamp;
  out += static_cast<char>(chunkStream & 0x3f);
  putBigEndian(out, extended ? noTimestamp : message.timestamp, 3);
  putBigEndian(out, static_cast<std::uint32_t>(message.payload.size()), 3);
  out += static_cast<char>(message.type);
  for (int i = 0; i < 4; ++i) out += static_cast<char>(message.stream >> (8 * i) & 0xff);
  if (extended) putBigEndian(out, message.timestamp, 4);
  for (std::size_t at = 0; at < message.payload.size(); at += chunkSize) {
    if (at > 0) {
      out += static_cast<char>(0xc0 | (chunkStream & 0x3f));
      if (extended) putBigEndian(out, message.timestamp, 4);
    }
    out.append(message.payload, at, chunkSize);
  }
}

}  // namespace athanor::recorder::rtmp
