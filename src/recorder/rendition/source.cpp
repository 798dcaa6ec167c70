#include "recorder/rendition/source.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <stdexcept>

#include "recorder/codec/malformed.h"

namespace athanor::recorder {

using namespace ffmpeg;

namespace {

constexpr int ioSize = 64 * 1024;

std::string contents(const std::filesystem::path& file, std::uint64_t offset, std::uint64_t size) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot open " + file.string());
  if (size == 0) size = std::filesystem::file_size(file) - offset;
  in.seekg(static_cast<std::streamoff>(offset));
  std::string out(size, '\0');
  in.read(out.data(), static_cast<std::streamsize>(size));
  out.resize(static_cast<std::size_t>(in.gcount()));
  return out;
}

}  // namespace

Source::Source(const std::filesystem::path& file, std::uint64_t offset, std::uint64_t size)
    : name_(file.string()), bytes_(contents(file, offset, size)) {
  try {
    open();
  } catch (const std::runtime_error& error) {
    throw Malformed(name_ + ": " + error.what());
  }
}

Source::~Source() {
  format_.reset();
  if (io_) av_freep(&io_->buffer);
  avio_context_free(&io_);
}

void Source::open() {
  io_ = avio_alloc_context(
      static_cast<unsigned char*>(av_malloc(ioSize)), ioSize, 0, this,
      [](void* self, std::uint8_t* to, int size) {
        auto& source = *static_cast<Source*>(self);
        const auto now = std::min(static_cast<std::size_t>(size), source.bytes_.size() - source.at_);
        std::memcpy(to, source.bytes_.data() + source.at_, now);
        source.at_ += now;
        return now == 0 ? AVERROR_EOF : static_cast<int>(now);
      },
      nullptr, nullptr);
  auto* context = avformat_alloc_context();
  context->pb = io_;
  const auto* mpegts = av_find_input_format("mpegts");
  checked(avformat_open_input(&context, nullptr, mpegts, nullptr), "it is no transport stream");
  format_.reset(context);
  checked(avformat_find_stream_info(context, nullptr), "its streams cannot be told");
  const AVCodec* codec = nullptr;
  video_ = checked(av_find_best_stream(context, AVMEDIA_TYPE_VIDEO, -1, -1, &codec, 0), "it holds no video");
  audio_ = av_find_best_stream(context, AVMEDIA_TYPE_AUDIO, -1, -1, nullptr, 0);
  decoder_.reset(avcodec_alloc_context3(codec));
  checked(avcodec_parameters_to_context(decoder_.get(), context->streams[video_]->codecpar), "its video");
  decoder_->thread_count = 0;
  decoder_->pkt_timebase = context->streams[video_]->time_base;
  checked(avcodec_open2(decoder_.get(), codec, nullptr), "its video cannot be decoded");
}

/// True where a picture came.
bool Source::decode(const AVPacket* packet, const std::function<void(AVFrame&)>& take) {
  if (avcodec_send_packet(decoder_.get(), packet) < 0 && packet) return false;
  bool any = false;
  for (const auto picture = frame(); avcodec_receive_frame(decoder_.get(), picture.get()) >= 0;) {
    if (picture->pts == AV_NOPTS_VALUE) picture->pts = picture->best_effort_timestamp;
    take(*picture);
    any = true;
  }
  return any;
}

void Source::read(const Visitor& visitor) {
  bool any = false;
  for (const auto unit = packet(); av_read_frame(format_.get(), unit.get()) >= 0;
       av_packet_unref(unit.get())) {
    if (unit->stream_index == video_) any = decode(unit.get(), visitor.picture) || any;
    if (unit->stream_index == audio_ && visitor.audio)
      visitor.audio({reinterpret_cast<const char*>(unit->data), static_cast<std::size_t>(unit->size)},
                    unit->pts);
  }
  any = decode(nullptr, visitor.picture) || any;
  if (!any) throw Malformed(name_ + ": none of its pictures can be decoded");
}

Owned<AVFrame> Source::firstPicture() {
  Owned<AVFrame> out;
  const auto keep = [&](AVFrame& picture) {
    if (!out) out.reset(av_frame_clone(&picture));
  };
  decoder_->skip_frame = AVDISCARD_NONKEY;
  for (const auto unit = packet(); !out && av_read_frame(format_.get(), unit.get()) >= 0;
       av_packet_unref(unit.get()))
    if (unit->stream_index == video_ && (unit->flags & AV_PKT_FLAG_KEY)) {
      decode(unit.get(), keep);
      decode(nullptr, keep);
    }
  if (!out) throw Malformed(name_ + ": it holds no keyframe that can be decoded");
  return out;
}

}  // namespace athanor::recorder
