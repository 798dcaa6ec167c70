#include "recorder/rendition/encoder.h"

#include <cmath>
#include <stdexcept>
#include <utility>

#include "recorder/codec/h264.h"

extern "C" {
#include <libavutil/opt.h>
}

namespace athanor::recorder {

using namespace ffmpeg;

Encoder::Encoder(const Rendition& rendition, double sourceRate, const RendererSettings& settings)
    : rendition_(rendition), rate_(sourceRate) {
  if (rendition.framesPerSecond > 0 && rendition.framesPerSecond < sourceRate - 0.01) {
    rate_ = rendition.framesPerSecond;
    step_ = std::llround(ticksPerSecond / rate_);
  }
  const auto* codec = avcodec_find_encoder_by_name("libx264");
  if (!codec) throw std::runtime_error("FFmpeg's libraries hold no libx264");
  context_.reset(avcodec_alloc_context3(codec));
  auto& out = *context_;
  out.width = rendition.width;
  out.height = rendition.height;
  out.pix_fmt = AV_PIX_FMT_YUV420P;
  out.time_base = {1, static_cast<int>(ticksPerSecond)};
  out.framerate = av_d2q(rate_, 1'001'000);
  out.sample_aspect_ratio = {1, 1};
  out.bit_rate = rendition.bitsPerSecond;
  out.rc_max_rate = rendition.bitsPerSecond;
  out.rc_buffer_size = static_cast<int>(2 * rendition.bitsPerSecond);  // a VBV of 2 s
  out.gop_size = static_cast<int>(std::lround(rate_ * 60));  // keyframes come where the source has them
  out.flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_CLOSED_GOP;
  out.thread_count = settings.threads;
  av_opt_set(out.priv_data, "preset", settings.preset.c_str(), 0);
  av_opt_set(out.priv_data, "forced-idr", "1", 0);
  av_opt_set(out.priv_data, "x264-params", "scenecut=0", 0);
  checked(avcodec_open2(&out, codec, nullptr), "x264 cannot encode this rendition");
}

void Encoder::add(AVFrame& picture) {
  keyframe_ = keyframe_ || picture.key_frame;
  if (step_ > 0) {
    // On a grid that all segments share. Half a step of grace keeps a jitter of the clock from costing a
    // picture.
    if (!due_) due_ = picture.pts / step_ * step_;
    if (picture.pts + step_ / 4 < *due_) return;
    while (*due_ <= picture.pts + step_ / 4) *due_ += step_;
  }
  scaler_.reset(sws_getCachedContext(
      scaler_.release(), picture.width, picture.height, static_cast<AVPixelFormat>(picture.format),
      rendition_.width, rendition_.height, AV_PIX_FMT_YUV420P, SWS_BICUBIC, nullptr, nullptr, nullptr));
  if (!scaler_) throw std::runtime_error("this picture cannot be scaled");
  const auto scaled = frame();
  scaled->format = AV_PIX_FMT_YUV420P;
  scaled->width = rendition_.width;
  scaled->height = rendition_.height;
  checked(av_frame_get_buffer(scaled.get(), 0), "no memory for a picture");
  sws_scale(scaler_.get(), picture.data, picture.linesize, 0, picture.height, scaled->data, scaled->linesize);
  scaled->pts = picture.pts;
  scaled->pict_type = std::exchange(keyframe_, false) ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
  send(scaled.get());
}

void Encoder::send(const AVFrame* picture) {
  checked(avcodec_send_frame(context_.get(), picture), "x264 refuses a picture");
  for (const auto unit = packet();;) {
    const int code = avcodec_receive_packet(context_.get(), unit.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return;
    checked(code, "x264 cannot encode a picture");
    units_.push_back(
        {std::string(reinterpret_cast<const char*>(unit->data), static_cast<std::size_t>(unit->size)),
         unit->dts, unit->pts, (unit->flags & AV_PKT_FLAG_KEY) != 0});
    av_packet_unref(unit.get());
  }
}

std::deque<Encoder::Unit> Encoder::finish() {
  send(nullptr);
  return std::exchange(units_, {});
}

VideoFormat Encoder::format() const {
  const std::string_view header(reinterpret_cast<const char*>(context_->extradata),
                                static_cast<std::size_t>(context_->extradata_size));
  std::vector<std::string_view> units;
  h264::splitStartCodes(header, units);
  std::vector<std::string> sets;
  for (const auto wanted : {h264::nalSps, h264::nalPps})
    for (const auto& unit : units)
      if (h264::nalType(unit) == wanted) sets.emplace_back(unit);
  auto out = h264::format(std::move(sets));
  out.framesPerSecond = rate_;
  return out;
}

}  // namespace athanor::recorder
