#include "recorder/renderer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <stdexcept>

#include "recorder/codec/aac.h"
#include "recorder/codec/h264.h"
#include "recorder/mpegts/muxer.h"
#include "recorder/rendition/encoder.h"
#include "recorder/rendition/source.h"
#include "recorder/thumbnail/jpeg.h"

namespace athanor::recorder {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void failed(const fs::path& file) {
  throw std::runtime_error(fmt::format("cannot write {}: {}", file.string(), std::strerror(errno)));
}

void writeFile(const fs::path& file, const std::string& bytes, bool sync) {
  fs::create_directories(file.parent_path());
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) failed(file);
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto wrote = ::write(fd, bytes.data() + done, bytes.size() - done);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) break;
    done += static_cast<std::size_t>(wrote);
  }
  const bool ok = done == bytes.size() && (!sync || ::fdatasync(fd) == 0);
  ::close(fd);
  if (!ok) failed(file);
}

/// One AAC frame of the source.
struct AudioFrame {
  std::string bytes;  ///< with ADTS
  Ticks pts = 0;
};

constexpr std::size_t adtsSize = 7;

std::optional<AudioFormat> audioFormat(const std::vector<AudioFrame>& frames) {
  if (frames.empty() || frames.front().bytes.size() < adtsSize) return {};
  return aac::format(aac::configOf(frames.front().bytes));
}

/// Writes one rendition of a segment: video and audio by their times, a part at each keyframe.
class Assembly {
 public:
  Assembly(const Segment& source, Format format) : segment_(source), muxer_(std::move(format)) {
    segment_.parts.clear();
  }

  void video(const Encoder::Unit& unit, Ticks partDuration) {
    if (unit.keyframe) {
      endPart();
      part_ = {.offset = bytes_.size(), .size = 0, .duration = partDuration};
      muxer_.begin(bytes_);
    }
    std::vector<std::string_view> units;
    h264::splitStartCodes(unit.bytes, units);
    muxer_.write({Track::video, unit.dts, unit.pts, unit.keyframe, units}, bytes_);
  }
  void audio(const AudioFrame& frame) {
    if (frame.bytes.size() <= adtsSize) return;
    const std::array<std::string_view, 1> raw{std::string_view(frame.bytes).substr(adtsSize)};
    muxer_.write({Track::audio, frame.pts, frame.pts, true, raw}, bytes_);
  }
  Segment finish() {
    endPart();
    segment_.size = bytes_.size();
    segment_.duration = 0;
    for (const auto& part : segment_.parts) segment_.duration += part.duration;
    return segment_;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  void endPart() {
    if (!part_) return;
    muxer_.flush(bytes_);
    part_->size = bytes_.size() - part_->offset;
    segment_.parts.push_back(*part_);
    part_.reset();
  }

  Segment segment_;
  mpegts::Muxer muxer_;
  std::string bytes_;
  std::optional<Part> part_;
};

class FfmpegRenderer final : public Renderer {
 public:
  explicit FfmpegRenderer(RendererSettings settings) : settings_(std::move(settings)) {
    av_log_set_level(AV_LOG_QUIET);
  }

  Outcome render(const Task& task) override {
    const auto begin = std::chrono::steady_clock::now();
    Outcome out;
    for (const auto& thumbnail : task.thumbnails) picture(task, thumbnail);
    if (!task.renditions.empty()) encode(task, out);
    out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return out;
  }

 private:
  void picture(const Task& task, const Thumbnail& thumbnail) const {
    Ticks end = 0;
    const auto part = std::ranges::find_if(
        task.segment.parts, [&](const Part& one) { return (end += one.duration) > thumbnail.at; });
    const auto& taken = part == task.segment.parts.end() ? task.segment.parts.back() : *part;
    Source source(task.source, taken.offset, taken.size);
    writeFile(thumbnail.file, jpegOf(*source.firstPicture(), thumbnail.height), settings_.sync);
  }

  void encode(const Task& task, Outcome& out) const {
    std::vector<std::unique_ptr<Encoder>> encoders;
    std::vector<AudioFrame> audio;
    std::size_t pictures = 0;
    Source source(task.source);
    source.read(
        {.picture =
             [&](AVFrame& picture) {
               ++pictures;
               if (encoders.empty())
                 for (const auto& rendition : task.renditions)
                   encoders.push_back(std::make_unique<Encoder>(rendition, task.framesPerSecond, settings_));
               for (const auto& encoder : encoders) encoder->add(picture);
             },
         .audio = [&](std::string_view frame, Ticks pts) { audio.push_back({std::string(frame), pts}); }});
    for (std::size_t i = 0; i < encoders.size(); ++i)
      out.renditions.push_back(assembled(task, task.renditions[i], *encoders[i], audio));
  }

  Encoded assembled(const Task& task, const Rendition& rendition, Encoder& encoder,
                    const std::vector<AudioFrame>& audio) const {
    Format format{encoder.format(), audioFormat(audio)};
    Encoded out;
    out.codecs = format.video.codec + (format.audio ? "," + format.audio->codec : "");
    out.framesPerSecond = encoder.framesPerSecond();
    Assembly assembly(task.segment, std::move(format));
    auto frame = audio.begin();
    std::size_t part = 0;
    for (const auto& unit : encoder.finish()) {
      // The first part begins with its keyframe.
      for (; part > 0 && frame != audio.end() && frame->pts <= unit.dts; ++frame) assembly.audio(*frame);
      const auto& parts = task.segment.parts;
      assembly.video(unit, part < parts.size() ? parts[part].duration : 0);
      if (unit.keyframe) ++part;
    }
    for (; frame != audio.end(); ++frame) assembly.audio(*frame);
    out.segment = assembly.finish();
    writeFile(task.folder / rendition.path / fmt::format("{}.ts", task.segment.number), assembly.bytes(),
              settings_.sync);
    return out;
  }

  RendererSettings settings_;
};

}  // namespace

}  // namespace athanor::recorder

extern "C" athanor::recorder::Renderer* athanor_make_renderer(
    const athanor::recorder::RendererSettings& settings) {
  return new athanor::recorder::FfmpegRenderer(settings);
}
