#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>
}

#include <memory>
#include <string>

namespace athanor::recorder::ffmpeg {

struct Free {
  void operator()(AVFormatContext* it) const { avformat_close_input(&it); }
  void operator()(AVCodecContext* it) const { avcodec_free_context(&it); }
  void operator()(AVFrame* it) const { av_frame_free(&it); }
  void operator()(AVPacket* it) const { av_packet_free(&it); }
  void operator()(SwsContext* it) const { sws_freeContext(it); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

Owned<AVFrame> frame();
Owned<AVPacket> packet();

/// FFmpeg's words for one of its error codes.
std::string reason(int code);

/// `code` where it is no error; throws std::runtime_error("<what>: <reason>") else.
int checked(int code, const char* what);

}  // namespace athanor::recorder::ffmpeg
