#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "recorder/media.h"

namespace athanor::recorder {

enum class Protocol : std::uint8_t { rtmp, rtmps, srt };

/// Someone who wants to publish: the protocol's handshake is over, its media has not begun.
struct Attempt {
  Protocol protocol = Protocol::rtmp;
  std::string streamKey;
  std::string peer;  ///< "192.0.2.1:51234"
  /// Ends the publisher's connection; callable from any thread, at any time, more than once.
  std::function<void()> hangUp;
};

/// Where one publisher's media goes. Called on the publisher's own thread, in the order of arrival.
class Receiver {
 public:
  virtual ~Receiver() = default;
  /// Before the first packet, and whenever the parameter sets change.
  virtual void format(const Format& format) = 0;
  virtual void packet(const Packet& packet) = 0;
  /// Bytes that were taken and are not written yet. A publisher is not read from while this is above a limit.
  virtual std::size_t backlog() const = 0;
  /// Nothing more comes: the publisher said goodbye ("") or was lost for a reason.
  virtual void ended(const std::string& reason) = 0;
};

/// What an attempt is answered with: a receiver, or the reason for the refusal.
struct Admission {
  std::shared_ptr<Receiver> receiver;
  std::string refusal;
};

/// Who may publish.
class Gate {
 public:
  virtual ~Gate() = default;
  /// Callable from any thread. `answer` is called once, on any thread, at once or later, or never where the
  /// gate is closing.
  virtual void admit(Attempt attempt, std::function<void(Admission)> answer) = 0;
  /// The passphrase that a key's SRT connection must be encrypted with; "" where the key is unknown. Callable
  /// from any thread; may block for a moment.
  virtual std::string passphrase(const std::string& streamKey) = 0;
};

}  // namespace athanor::recorder
