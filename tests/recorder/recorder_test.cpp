#include "recorder/recorder.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <future>
#include <map>
#include <sstream>

#include "base/json.h"
#include "base/loop.h"
#include "recorder/clip.h"
#include "recorder/ingest/rtmp/server.h"
#include "recorder/mpegts/recover.h"
#include "support/temporary_folder.h"

namespace athanor::recorder {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// A folder for each bucket, which must be there.
class FolderStore : public ObjectStore {
 public:
  explicit FolderStore(std::filesystem::path root) : root_(std::move(root)) {}
  void put(Object object, Done done) override {
    const auto bucket = root_ / object.destination.bucket;
    if (!std::filesystem::exists(bucket))
      return done("the bucket " + object.destination.bucket + " does not exist");
    const auto file = bucket / object.key;
    std::filesystem::create_directories(file.parent_path());
    if (const auto* source = std::get_if<std::filesystem::path>(&object.content))
      std::filesystem::copy_file(*source, file, std::filesystem::copy_options::overwrite_existing);
    else
      std::ofstream(file, std::ios::binary) << std::get<std::string>(object.content);
    done("");
  }

 private:
  std::filesystem::path root_;
};

class KnownChannels : public Channels {
 public:
  std::map<std::string, Channel> byKey;
  void find(const std::string& streamKey, Found found) override {
    const auto at = byKey.find(streamKey);
    found(at == byKey.end() ? std::nullopt : std::optional(at->second));
  }
};

std::string read(const std::filesystem::path& file) {
  std::ostringstream out;
  out << std::ifstream(file, std::ios::binary).rdbuf();
  return out.str();
}

class Recording : public testing::Test {
 protected:
  Recording() {
    std::filesystem::create_directories(folder / "store/recordings");
    RecordingRules rules;
    rules.arn = "arn:aws:ivs:us-west-2:123456789012:recording-configuration/abc";
    rules.destination = {"recordings", "shows/", ""};
    Channel channel{.arn = "arn:aws:ivs:us-west-2:123456789012:channel/AbCdEf123456",
                    .id = "AbCdEf123456",
                    .account = "123456789012",
                    .region = "us-west-2",
                    .name = "main",
                    .transcoded = false,
                    .insecureIngest = true,
                    .passphrase = "",
                    .recording = rules};
    channels.byKey["sk_1"] = channel;
    open();
  }

  ~Recording() override {
    bool quiet = false;
    recorder->close([&] { quiet = true; });
    server.reset();
    loop.runUntil([&] { return quiet; });
  }

  void open() {
    RecorderSettings settings;
    settings.folder = folder / "spool";
    settings.segment = std::chrono::seconds(2);
    settings.random = [state = std::uint64_t{1}]() mutable {
      return state = state * 6364136223846793005U + 1442695040888963407U, state ^ state >> 29;
    };
    settings.say = [this](const std::string& sentence) { said.push_back(sentence); };
    settings.event = [this](const Event& event) { events.push_back(Json::parse(event.json)); };
    recorder = std::make_unique<Recorder>(settings, loop, channels, store);
    server = std::make_unique<rtmp::Server>(rtmp::ServerSettings{.port = 0}, *recorder);
  }

  /// Streams a clip with FFmpeg, and runs the loop until `done`.
  void stream(const std::filesystem::path& clip, const std::function<bool()>& done) {
    auto ffmpeg = std::async(std::launch::async, [&] {
      return shell(fmt::format("ffmpeg -v error -i {} -c copy -f flv rtmp://127.0.0.1:{}/app/sk_1",
                               clip.string(), server->port()));
    });
    loop.after(std::chrono::seconds(60), [this] { late = true; });
    loop.runUntil([&] { return done() || late; });
    ffmpeg.get();
    ASSERT_FALSE(late);
  }

  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& event : events) {
      const auto& detail = event.at("detail");
      out.push_back(detail.contains("event_name") ? detail.at("event_name") : detail.at("recording_status"));
    }
    return out;
  }

  std::filesystem::path at(const std::string& key) const {
    return folder / "store/recordings" / recorder->recordings().front().prefix / key;
  }

  test::TemporaryFolder folder;
  SystemLoop loop;
  FolderStore store{folder / "store"};
  KnownChannels channels;
  std::vector<std::string> said;
  std::vector<Json> events;
  bool late = false;
  std::unique_ptr<Recorder> recorder;
  std::unique_ptr<rtmp::Server> server;
};

TEST_F(Recording, OfAStreamLiesInTheBucketAsIvsLaysItOut) {
  const auto clip = folder / "clip.mp4";
  makeClip(clip, {.seconds = 5});
  stream(clip, [&] { return !recorder->recordings().empty() && !recorder->busy(); });

  EXPECT_THAT(names(), ElementsAre("Session Created", "Stream Start", "Recording Start", "Stream End",
                                   "Session Ended", "Recording End"));
  EXPECT_EQ(events.back().at("detail").at("recording_duration_ms"), 5000);
  const auto recording = recorder->recordings().front();
  EXPECT_EQ(recording.state, RecordingState::ended);
  EXPECT_THAT(recording.prefix,
              testing::MatchesRegex("shows/ivs/v1/123456789012/AbCdEf123456/[0-9]+/[0-9]+/[0-9]+/"
                                    "[0-9]+/[0-9]+/[A-Za-z0-9]{12}"));
  EXPECT_EQ(Json::parse(read(at("events/recording-started.json"))).at("recording_status"),
            "RECORDING_STARTED");
  const auto ended = Json::parse(read(at("events/recording-ended.json")));
  EXPECT_EQ(ended.at("media").at("hls").at("duration_ms"), 5000);
  EXPECT_THAT(read(at("media/hls/180p30/playlist.m3u8")), HasSubstr("#EXT-X-ENDLIST"));
  EXPECT_THAT(read(at("media/hls/master.m3u8")), HasSubstr("RESOLUTION=320x180,FRAME-RATE=30.000"));
  for (const auto* list : {"media/hls/master.m3u8", "media/hls/byte-range-multivariant.m3u8"})
    EXPECT_EQ(shell(fmt::format("ffprobe -v error -count_packets -select_streams v -show_entries "
                                "stream=nb_read_packets -of csv=p=0 {}",
                                at(list).string())),
              "150\n\n150\n");
  EXPECT_TRUE(said.empty()) << said.front();
}

TEST_F(Recording, GoesOnWhereAPublisherReturnsWithinTheWindow) {
  channels.byKey["sk_1"].recording->reconnectWindow = std::chrono::seconds(4);
  const auto clip = folder / "clip.mp4";
  makeClip(clip, {.seconds = 3});
  const auto waits = [&] {
    const auto all = recorder->recordings();
    return !all.empty() && all.front().state == RecordingState::waiting;
  };
  stream(clip, waits);
  stream(clip, [&] { return waits() && recorder->recordings().front().streams == 2; });
  loop.runUntil([&] { return !recorder->busy() || late; });
  ASSERT_EQ(recorder->recordings().size(), 1U);
  EXPECT_EQ(events.back().at("detail").at("recording_duration_ms"), 6000);
  EXPECT_EQ(events.back().at("detail").at("recording_session_stream_ids").size(), 2U);
  const auto playlist = read(at("media/hls/180p30/playlist.m3u8"));
  EXPECT_THAT(playlist, HasSubstr("#EXT-X-DISCONTINUITY"));
  EXPECT_THAT(playlist, HasSubstr("\n3.ts\n#EXT-X-ENDLIST"));
}

TEST_F(Recording, HasTheRenditionsAndThumbnailsThatTheDocumentAsksFor) {
  std::filesystem::create_directories(folder / "store/pictures");
  auto& rules = *channels.byKey["sk_1"].recording;
  rules.selection = Selection::custom;
  rules.asked = {{640, 360, 30, 600'000}, {320, 180, 15, 200'000}};
  rules.thumbnails.interval = std::chrono::seconds(2);
  rules.thumbnails.latest = true;
  rules.thumbnails.destination = Destination{"pictures", "thumbs/", ""};
  const auto clip = folder / "clip.mp4";
  makeClip(clip, {.seconds = 5, .width = 640, .height = 360});
  stream(clip, [&] { return !recorder->recordings().empty() && !recorder->busy(); });

  EXPECT_THAT(recorder->recordings().front().renditions, ElementsAre("360p30", "180p15"));
  const auto frames = [&](const std::string& key) {
    return shell(
        fmt::format("ffprobe -v error -count_packets -select_streams v -show_entries "
                    "stream=width,height,nb_read_packets -of csv=p=0 {}",
                    at(key).string()));
  };
  EXPECT_THAT(frames("media/hls/360p30/playlist.m3u8"), HasSubstr("640,360,150"));
  EXPECT_THAT(frames("media/hls/180p15/playlist.m3u8"), HasSubstr("320,180,75"));
  EXPECT_EQ(shell(fmt::format(
                "ffmpeg -v error -xerror -i {} -fps_mode passthrough -enc_time_base 1:90000 -f null -",
                at("media/hls/180p15/byte-range-variant.m3u8").string())),
            "");
  const auto pictures =
      folder / "store/pictures" /
      ("thumbs" + recorder->recordings().front().prefix.substr(std::string("shows").size())) / "media";
  for (const auto* name : {"thumbnails/thumb0.jpg", "thumbnails/thumb1.jpg", "thumbnails/thumb2.jpg",
                           "latest_thumbnail/thumb.jpg"})
    EXPECT_EQ(
        shell(fmt::format("ffprobe -v error -show_entries stream=codec_name,width,height -of csv=p=0 {}",
                          (pictures / name).string())),
        "mjpeg,640,360\n");
  EXPECT_FALSE(std::filesystem::exists(pictures / "thumbnails/thumb3.jpg"));
}

TEST_F(Recording, WaitsForABucketThatIsNotThereAndLosesNothing) {
  std::filesystem::rename(folder / "store/recordings", folder / "store/elsewhere");
  const auto clip = folder / "clip.mp4";
  makeClip(clip, {.seconds = 3});
  stream(clip,
         [&] { return !said.empty() && recorder->recordings().front().state == RecordingState::finishing; });
  ASSERT_EQ(said.size(), 1U);
  EXPECT_THAT(said[0], HasSubstr("cannot be stored: the bucket recordings does not exist"));
  std::filesystem::rename(folder / "store/elsewhere", folder / "store/recordings");
  loop.runUntil([&] { return !recorder->busy() || late; });
  EXPECT_EQ(recorder->recordings().front().state, RecordingState::ended);
  EXPECT_TRUE(std::filesystem::exists(at("media/hls/180p30/1.ts")));
}

TEST_F(Recording, KeepsWhatWasWrittenWhereTheRecorderIsKilled) {
  const auto clip = folder / "clip.mp4";
  makeClip(clip, {.seconds = 5});
  stream(clip, [&] { return !recorder->recordings().empty() && !recorder->busy(); });
  // As the second segment's file was in the middle of a broadcast: whole packets, and half of one.
  const auto stored = at("media/hls/180p30/1.ts");
  const auto file = folder / "killed.ts";
  std::filesystem::copy_file(stored, file);
  std::filesystem::resize_file(file, std::filesystem::file_size(stored) * 3 / 4);
  const auto segment = mpegts::recover(file);
  ASSERT_TRUE(segment);
  EXPECT_EQ(std::filesystem::file_size(file), segment->size);
  const auto frames =
      std::stoi(shell(fmt::format("ffprobe -v error -count_packets -select_streams v -show_entries "
                                  "stream=nb_read_packets -of default=nk=1:nw=1 {}",
                                  file.string())));
  EXPECT_GT(frames, 30);
  EXPECT_NEAR(static_cast<double>(segment->duration) / ticksPerSecond, frames / 30.0, 0.08);
}

TEST_F(Recording, PlainRtmpIsRefusedWhereTheChannelWantsEncryption) {
  channels.byKey["sk_1"].insecureIngest = false;
  bool answered = false;
  recorder->admit({.protocol = Protocol::rtmp, .streamKey = "sk_1", .peer = "", .hangUp = {}},
                  [&](const Admission& admission) {
                    EXPECT_THAT(admission.refusal, HasSubstr("not encrypted"));
                    answered = true;
                  });
  loop.runUntil([&] { return answered; });
}

}  // namespace
}  // namespace athanor::recorder
