#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <future>

#include "recorder/clip.h"
#include "recorder/codec/h264.h"
#include "recorder/hls/segmenter.h"
#include "recorder/ingest/rtmp/server.h"
#include "support/temporary_folder.h"

namespace athanor::recorder::rtmp {
namespace {

/// Keeps what comes, and cuts it into segments in a folder.
class Keeper : public Receiver, hls::Segmenter::Sink {
 public:
  explicit Keeper(std::filesystem::path folder, Ticks target)
      : folder_(std::move(folder)), segmenter_(*this, {.target = target}, {}) {}

  void format(const Format& format) override {
    formats.push_back(format);
    segmenter_.format(format);
  }
  void packet(const Packet& packet) override {
    for (const auto& unit : packet.units) {
      const auto type = h264::nalType(unit);
      if (packet.track == Track::audio)
        audioBytes += unit.size();
      else if (type == h264::nalSlice || type == h264::nalIdr)
        slices.emplace_back(unit);
    }
    segmenter_.packet(packet);
  }
  std::size_t backlog() const override { return 0; }
  void ended(const std::string& reason) override {
    segmenter_.end();
    over.set_value(reason);
  }

  std::vector<Format> formats;
  std::vector<std::string> slices;
  std::size_t audioBytes = 0;
  std::vector<Segment> segments;
  std::promise<std::string> over;

 private:
  void open(std::uint64_t number) override {
    file_ = std::ofstream(folder_ / fmt::format("{}.ts", number), std::ios::binary);
  }
  void write(std::string bytes) override { file_ << bytes; }
  void part(const Part&) override {}
  void close(Segment segment) override {
    file_.close();
    segments.push_back(std::move(segment));
  }

  std::filesystem::path folder_;
  std::ofstream file_;
  hls::Segmenter segmenter_;
};

class OneKey : public Gate {
 public:
  explicit OneKey(std::shared_ptr<Receiver> receiver) : receiver_(std::move(receiver)) {}
  void admit(Attempt attempt, std::function<void(Admission)> answer) override {
    attempt.streamKey == "sk_right" ? answer({receiver_, ""})
                                    : answer({nullptr, "The stream key is not known."});
  }
  std::string passphrase(const std::string&) override { return ""; }

 private:
  std::shared_ptr<Receiver> receiver_;
};

std::vector<std::string> slicesOf(const std::filesystem::path& clip, const test::TemporaryFolder& folder) {
  const auto raw = folder / "raw.h264";
  shell(fmt::format("ffmpeg -v error -y -i {} -c copy -bsf:v h264_mp4toannexb -f h264 {}", clip.string(),
                    raw.string()));
  std::ifstream in(raw, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  std::vector<std::string_view> units;
  h264::splitStartCodes(bytes, units);
  std::vector<std::string> out;
  for (const auto& unit : units)
    if (h264::nalType(unit) == h264::nalSlice || h264::nalType(unit) == h264::nalIdr) out.emplace_back(unit);
  return out;
}

TEST(Rtmp, WhatFfmpegPublishesArrivesBitExactAndIsCutAtKeyframes) {
  const test::TemporaryFolder folder;
  const auto clip = folder / "clip.mp4";
  makeClip(clip);
  const auto keeper = std::make_shared<Keeper>(folder.path(), 2 * ticksPerSecond);
  OneKey gate(keeper);
  const Server server({.port = 0}, gate);
  shell(fmt::format("ffmpeg -v error -i {} -c copy -f flv rtmp://127.0.0.1:{}/app/sk_right", clip.string(),
                    server.port()));
  EXPECT_EQ(keeper->over.get_future().get(), "");

  ASSERT_EQ(keeper->formats.size(), 1U);
  EXPECT_EQ(keeper->formats[0].video.width, 320);
  EXPECT_EQ(keeper->formats[0].video.height, 180);
  EXPECT_EQ(keeper->formats[0].video.framesPerSecond, 30);
  EXPECT_EQ(keeper->formats[0].audio->codec, "mp4a.40.2");
  EXPECT_EQ(keeper->slices, slicesOf(clip, folder));
  ASSERT_EQ(keeper->segments.size(), 2U);
  Ticks sum = 0;
  for (const auto& segment : keeper->segments) {
    EXPECT_EQ(segment.parts.size(), 2U);
    sum += segment.duration;
    const auto file = (folder / fmt::format("{}.ts", segment.number)).string();
    EXPECT_EQ(std::filesystem::file_size(file), segment.size);
    EXPECT_EQ(
        shell(fmt::format(
            "ffmpeg -v error -xerror -i {} -fps_mode passthrough -enc_time_base 1:90000 -f null -", file)),
        "");
    EXPECT_EQ(shell(fmt::format("ffprobe -v error -count_packets -select_streams v -show_entries "
                                "stream=codec_name,width,height,nb_read_packets -of csv=p=0 {}",
                                file)),
              "h264,320,180,60\n\nh264,320,180,60\n");
  }
  EXPECT_NEAR(static_cast<double>(sum) / ticksPerSecond, 4.0, 1.0 / 30);
}

TEST(Rtmp, AWrongKeyIsRefused) {
  const test::TemporaryFolder folder;
  const auto clip = folder / "clip.mp4";
  makeClip(clip, {.seconds = 1});
  OneKey gate(nullptr);
  const Server server({.port = 0}, gate);
  EXPECT_THROW(shell(fmt::format("ffmpeg -v error -i {} -c copy -f flv rtmp://127.0.0.1:{}/app/sk_wrong",
                                 clip.string(), server.port())),
               std::runtime_error);
}

}  // namespace
}  // namespace athanor::recorder::rtmp
