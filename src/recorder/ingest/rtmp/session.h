#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.h"
#include "recorder/ingest/rtmp/chunks.h"

namespace athanor::recorder::rtmp {

/// The server's side of one publisher's connection, without a socket (Adobe's RTMP specification 1.0, and
/// what OBS, FFmpeg and GStreamer send beyond it).
class Session {
 public:
  /// What a session asks of its connection.
  class Host {
   public:
    virtual ~Host() = default;
    virtual void send(std::string bytes) = 0;
    /// The publisher wants to publish under this key; to be answered with accept() or refuse().
    virtual void publish(std::string streamKey) = 0;
    /// The body of an audio or video tag of FLV.
    virtual void media(std::uint8_t type, std::uint32_t timestamp, std::string_view body) = 0;
    /// The publisher has ended its stream.
    virtual void unpublish() = 0;
  };

  explicit Session(Host& host) : host_(host), chunks_({}) {}

  /// Reads what came over the wire. Throws Malformed; nothing may be read afterwards.
  void read(std::string_view bytes);
  /// Answers publish(): its media may come.
  void accept();
  /// Answers publish(), or ends a stream: the publisher is told why. The connection is to be closed once all
  /// is sent.
  void refuse(const std::string& reason);
  /// The handshake is over.
  bool open() const { return step_ == Step::messages; }

 private:
  enum class Step : std::uint8_t { hello, echo, messages };

  std::string_view handshake(std::string_view bytes);
  void message(Message& message);
  void command(std::string_view payload, std::uint32_t stream);
  void connect(const Json& transaction, const Json& properties);
  void publish(std::string name, std::uint32_t stream);
  void endStream();
  void aggregated(const Message& message);
  void answer(const std::string& name, const Json& transaction, const Json& first, const Json& second);
  void status(const std::string& level, const std::string& code, const std::string& description);
  void send(std::uint8_t chunkStream, std::uint8_t type, std::uint32_t stream, std::string payload);

  Host& host_;
  ChunkReader chunks_;
  Step step_ = Step::hello;
  std::string partial_;  ///< of the handshake
  std::string app_;
  std::uint32_t stream_ = 0;  ///< the message stream that is published on
  bool publishing_ = false, accepted_ = false;
  std::uint64_t received_ = 0, acknowledged_ = 0;
  std::uint32_t window_ = 2'500'000;  ///< bytes between acknowledgements
};

}  // namespace athanor::recorder::rtmp
