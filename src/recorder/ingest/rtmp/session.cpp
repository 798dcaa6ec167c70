#include "recorder/ingest/rtmp/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "recorder/codec/bytes.h"
#include "recorder/codec/malformed.h"
#include "recorder/ingest/rtmp/amf0.h"

namespace athanor::recorder::rtmp {

namespace {

constexpr std::size_t helloSize = 1536;  // C1, S1, C2 and S2 (5.2.3)
constexpr std::size_t amfMost = 65'536;  // bytes of a command or of metadata
constexpr std::size_t sendSize = 4096;   // of our chunks
constexpr std::uint32_t ourWindow = 2'500'000;

std::string number32(std::uint32_t value) {
  std::string out;
  putBigEndian(out, value, 4);
  return out;
}

const Json& at(const std::vector<Json>& values, std::size_t index) {
  static const Json none;
  return index < values.size() ? values[index] : none;
}

std::string text(const Json& value) { return value.is_string() ? value.get<std::string>() : ""; }

/// The key of "KEY", "KEY?query" and "instance/KEY", and of an empty name that stands at the end of the app.
std::string keyOf(std::string name, std::string_view app) {
  name = name.substr(0, name.find('?'));
  if (name.empty()) {
    app = app.substr(0, app.find('?'));
    if (app.find('/') != std::string_view::npos) name = app;
  }
  while (name.ends_with('/')) name.pop_back();
  const auto slash = name.rfind('/');
  return slash == std::string::npos ? name : name.substr(slash + 1);
}

}  // namespace

void Session::read(std::string_view bytes) {
  received_ += bytes.size();
  if (step_ != Step::messages) bytes = handshake(bytes);
  if (!bytes.empty()) chunks_.read(bytes, [this](Message& whole) { message(whole); });
  if (step_ == Step::messages && received_ - acknowledged_ >= window_) {
    acknowledged_ = received_;
    send(2, acknowledgement, 0, number32(static_cast<std::uint32_t>(received_)));
  }
}

/// The plain handshake (5.2). Gives what follows it.
std::string_view Session::handshake(std::string_view bytes) {
  const auto needed = step_ == Step::hello ? 1 + helloSize : helloSize;
  const auto now = std::min(needed - partial_.size(), bytes.size());
  partial_ += bytes.substr(0, now);
  bytes.remove_prefix(now);
  if (partial_[0] != 3 && step_ == Step::hello)
    throw Malformed(fmt::format("the connection begins with byte {}, and RTMP begins with 3",
                                static_cast<unsigned char>(partial_[0])));
  if (partial_.size() < needed) return {};
  if (step_ == Step::hello) {
    std::string answer(1, '\3');
    answer.append(helloSize, '\0');                  // S1: a time and a version of 0, and any bytes
    answer += std::string_view(partial_).substr(1);  // S2 echoes C1
    host_.send(std::move(answer));
    step_ = Step::echo;
    partial_.clear();
    return bytes.empty() ? bytes : handshake(bytes);
  }
  step_ = Step::messages;
  partial_ = {};
  return bytes;
}

void Session::message(Message& message) {
  const bool amf = message.type == commandAmf0 || message.type == commandAmf3 || message.type == dataAmf0;
  if (amf && message.payload.size() > amfMost)
    throw Malformed(
        fmt::format("a command or its data has {} bytes, and {} are taken", message.payload.size(), amfMost));
  switch (message.type) {
    case commandAmf3:  // AMF 0 behind a byte, in practice
      return command(std::string_view(message.payload).substr(message.payload.empty() ? 0 : 1),
                     message.stream);
    case commandAmf0:
      return command(message.payload, message.stream);
    case audioData:
    case videoData:
      if (accepted_) host_.media(message.type, message.timestamp, message.payload);
      return;
    case aggregate:
      return aggregated(message);
    case windowSize:
      window_ = std::clamp<std::uint32_t>(leadingNumber(message.payload), 4096, ourWindow);
      return;
    case userControl:
      if (message.payload.size() >= 6 && message.payload[0] == 0 && message.payload[1] == 6)  // PingRequest
        send(2, userControl, 0, std::string("\0\7", 2) + message.payload.substr(2, 4));
      return;
    default:
      return;  // metadata says nothing that the media does not say itself
  }
}

void Session::command(std::string_view payload, std::uint32_t stream) {
  const auto values = readAmf0(payload);
  const auto name = text(at(values, 0));
  const auto& transaction = at(values, 1);
  if (name == "connect") return connect(transaction, at(values, 2));
  if (name == "createStream") return answer("_result", transaction, nullptr, 1);
  if (name == "releaseStream") return answer("_result", transaction, nullptr, nullptr);
  if (name == "FCPublish") return answer("onFCPublish", 0, nullptr, nullptr);
  if (name == "publish") return publish(text(at(values, 3)), stream);
  if (name == "FCUnpublish" || name == "deleteStream" || name == "closeStream") return endStream();
  if (name == "play" || name == "play2") {
    stream_ = stream;
    return refuse("This address takes streams; they play at the channel's playback URL.");
  }
}

void Session::connect(const Json& transaction, const Json& properties) {
  app_ = stringAt(properties.is_object() ? properties : Json::object(), "app");
  send(2, windowSize, 0, number32(ourWindow));
  send(2, peerBandwidth, 0, number32(ourWindow) + '\2');
  send(2, setChunkSize, 0, number32(sendSize));
  answer("_result", transaction, {{"fmsVer", "FMS/3,5,7,7009"}, {"capabilities", 31}},
         {{"level", "status"},
          {"code", "NetConnection.Connect.Success"},
          {"description", "Connection succeeded."},
          {"objectEncoding", 0}});
}

void Session::publish(std::string name, std::uint32_t stream) {
  if (publishing_) throw Malformed("a second stream is published on one connection");
  publishing_ = true;
  stream_ = stream;
  host_.publish(keyOf(std::move(name), app_));
}

void Session::endStream() {
  if (std::exchange(accepted_, false)) host_.unpublish();
}

void Session::accept() {
  accepted_ = true;
  send(2, userControl, 0, std::string("\0\0", 2) + number32(stream_));  // StreamBegin
  status("status", "NetStream.Publish.Start", "The stream is being recorded.");
}

void Session::refuse(const std::string& reason) {
  accepted_ = false;
  status("error", "NetStream.Publish.BadName", reason);
}

/// Messages inside of one (7.1.6): each has FLV's tag header in front and its size behind.
void Session::aggregated(const Message& whole) {
  std::string_view left = whole.payload;
  bool first = true;
  std::uint32_t base = 0;
  while (left.size() >= 11) {
    const auto type = static_cast<std::uint8_t>(left[0]);
    const auto size = leadingNumber(left) & 0xffffff;
    const auto time = (leadingNumber(left.substr(4)) >> 8) |
                      static_cast<std::uint32_t>(static_cast<unsigned char>(left[7])) << 24;
    if (size > left.size() - 11) throw Malformed("an aggregate message ends within one of its messages");
    if (std::exchange(first, false)) base = time;
    if (accepted_ && (type == audioData || type == videoData))
      host_.media(type, whole.timestamp + (time - base), left.substr(11, size));
    left.remove_prefix(std::min<std::size_t>(left.size(), 11 + size + 4));
  }
}

void Session::answer(const std::string& name, const Json& transaction, const Json& first,
                     const Json& second) {
  std::string payload;
  for (const Json& value : {Json(name), transaction, first, second}) writeAmf0(payload, value);
  send(3, commandAmf0, 0, std::move(payload));
}

void Session::status(const std::string& level, const std::string& code, const std::string& description) {
  std::string payload;
  const Json info = {{"level", level}, {"code", code}, {"description", description}};
  for (const Json& value : {Json("onStatus"), Json(0), Json(), info}) writeAmf0(payload, value);
  send(5, commandAmf0, stream_, std::move(payload));
}

void Session::send(std::uint8_t chunkStream, std::uint8_t type, std::uint32_t stream, std::string payload) {
  std::string out;
  writeMessage(out, chunkStream, {type, 0, stream, std::move(payload)},
               type == setChunkSize ? 128 : sendSize);
  host_.send(std::move(out));
}

}  // namespace athanor::recorder::rtmp
