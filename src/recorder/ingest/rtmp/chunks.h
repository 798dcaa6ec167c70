#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace athanor::recorder::rtmp {

/// Message types (Adobe's RTMP specification 1.0, 5.4, 6.2 and 7.1).
enum Type : std::uint8_t {
  setChunkSize = 1,
  abortMessage = 2,
  acknowledgement = 3,
  userControl = 4,
  windowSize = 5,
  peerBandwidth = 6,
  audioData = 8,
  videoData = 9,
  dataAmf3 = 15,
  commandAmf3 = 17,
  dataAmf0 = 18,
  commandAmf0 = 20,
  aggregate = 22,
};

struct Message {
  std::uint8_t type = 0;
  std::uint32_t timestamp = 0;  ///< milliseconds, wrapping at 2^32
  std::uint32_t stream = 0;     ///< message stream id
  std::string payload;
};

/// Puts messages together from the chunks of one connection (5.3).
class ChunkReader {
 public:
  struct Limits {
    std::size_t message = std::size_t{8} * 1024 * 1024;   ///< bytes of one message
    std::size_t pending = std::size_t{16} * 1024 * 1024;  ///< bytes of all messages that are not whole yet
    std::size_t streams = 64;                             ///< chunk streams
  };
  using Take = std::function<void(Message&)>;

  explicit ChunkReader(Limits limits) : limits_(limits) {}

  /// Reads what came over the wire, cut anywhere; `take` is called for each message that is whole, and may
  /// keep or change what it is given. Throws Malformed.
  void read(std::string_view bytes, const Take& take);

 private:
  struct Stream {
    Message message;             ///< the payload so far
    std::uint32_t length = 0;    ///< of the payload when it is whole
    std::uint32_t step = 0;      ///< what a chunk without a timestamp adds
    std::uint32_t extended = 0;  ///< the extended timestamp of the message
    bool hasExtended = false;
    bool begun = false;  ///< it has had a full header
    bool open = false;   ///< its message is not whole yet
  };

  /// The header of one chunk, or 0 bytes where more is needed to know it.
  struct Header {
    std::size_t size = 0;
    std::uint32_t stream = 0;
    std::uint8_t form = 0;
    std::uint32_t timestamp = 0, length = 0, messageStream = 0;
    std::uint8_t type = 0;
    bool extended = false;
  };
  Header header(std::string_view bytes);
  void apply(const Header& header);
  void finish(const Take& take);
  void control(const Message& message);

  Limits limits_;
  std::map<std::uint32_t, Stream> streams_;
  Stream* current_ = nullptr;  ///< whose chunk is being read
  std::size_t left_ = 0;       ///< bytes of that chunk
  std::size_t chunkSize_ = 128;
  std::size_t pending_ = 0;
  std::string partial_;  ///< the beginning of a header
};

/// Appends a message in chunks of `chunkSize` on a chunk stream (2–63).
void writeMessage(std::string& out, std::uint8_t chunkStream, const Message& message, std::size_t chunkSize);

}  // namespace athanor::recorder::rtmp
