#include "recorder/rendition/ffmpeg.h"

#include <array>
#include <new>
#include <stdexcept>

namespace athanor::recorder::ffmpeg {

Owned<AVFrame> frame() {
  Owned<AVFrame> out(av_frame_alloc());
  if (!out) throw std::bad_alloc();
  return out;
}

Owned<AVPacket> packet() {
  Owned<AVPacket> out(av_packet_alloc());
  if (!out) throw std::bad_alloc();
  return out;
}

std::string reason(int code) {
  std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
  av_strerror(code, text.data(), text.size());
  return text.data();
}

int checked(int code, const char* what) {
  if (code < 0) throw std::runtime_error(std::string(what) + ": " + reason(code));
  return code;
}

}  // namespace athanor::recorder::ffmpeg
