#include "recorder/thumbnail/jpeg.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace athanor::recorder {

using namespace ffmpeg;

namespace {

constexpr int quality = 3;  // of 1 (best) to 31: what is hard to tell from the picture itself

}  // namespace

std::string jpegOf(const AVFrame& picture, int height) {
  if (height <= 0) height = picture.height;
  height = std::min(height, picture.height);
  const auto ratio = picture.sample_aspect_ratio.num > 0 ? av_q2d(picture.sample_aspect_ratio) : 1.0;
  const int width =
      std::max(2, static_cast<int>(std::lround(picture.width * ratio * height / picture.height / 2)) * 2);
  const Owned<SwsContext> scaler(sws_getContext(picture.width, picture.height,
                                                static_cast<AVPixelFormat>(picture.format), width, height,
                                                AV_PIX_FMT_YUVJ420P, SWS_LANCZOS, nullptr, nullptr, nullptr));
  if (!scaler) throw std::runtime_error("this picture cannot be scaled");
  const auto scaled = frame();
  scaled->format = AV_PIX_FMT_YUVJ420P;
  scaled->width = width;
  scaled->height = height;
  checked(av_frame_get_buffer(scaled.get(), 0), "no memory for a picture");
  sws_scale(scaler.get(), picture.data, picture.linesize, 0, picture.height, scaled->data, scaled->linesize);
  const auto* codec = avcodec_find_encoder(AV_CODEC_ID_MJPEG);
  if (!codec) throw std::runtime_error("FFmpeg's libraries write no JPEG");
  const Owned<AVCodecContext> encoder(avcodec_alloc_context3(codec));
  encoder->width = width;
  encoder->height = height;
  encoder->pix_fmt = AV_PIX_FMT_YUVJ420P;
  encoder->time_base = {1, 1};
  encoder->flags |= AV_CODEC_FLAG_QSCALE;
  encoder->global_quality = quality * FF_QP2LAMBDA;
  encoder->thread_count = 1;
  checked(avcodec_open2(encoder.get(), codec, nullptr), "a JPEG of this size cannot be written");
  scaled->pts = 0;
  scaled->quality = encoder->global_quality;
  checked(avcodec_send_frame(encoder.get(), scaled.get()), "a JPEG cannot be written");
  checked(avcodec_send_frame(encoder.get(), nullptr), "a JPEG cannot be written");
  const auto out = packet();
  checked(avcodec_receive_packet(encoder.get(), out.get()), "a JPEG cannot be written");
  return {reinterpret_cast<const char*>(out->data), static_cast<std::size_t>(out->size)};
}

}  // namespace athanor::recorder
