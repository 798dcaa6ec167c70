#include "recorder/recorder.h"

#include <fmt/format.h>

#include <cmath>
#include <deque>
#include <future>
#include <map>
#include <utility>

#include "base/loop.h"
#include "recorder/session/broadcast.h"
#include "recorder/session/database.h"
#include "recorder/session/delivery.h"
#include "recorder/session/events.h"
#include "recorder/session/reconnect.h"

namespace athanor::recorder {

namespace {

constexpr std::chrono::seconds liveWindow{60};
constexpr std::size_t remembered = 1000;  // recordings that are over

constexpr auto mpegTs = "video/mp2t", playlistType = "application/vnd.apple.mpegurl",
               jsonType = "application/json";

/// "720p30", as IVS names the folders of renditions.
std::string folderOf(const VideoFormat& video) {
  return video.framesPerSecond > 0 ? fmt::format("{}p{}", video.height, std::lround(video.framesPerSecond))
                                   : fmt::format("{}p", video.height);
}

hls::Variant sourceVariant(const Format& format) {
  hls::Variant out;
  out.path = folderOf(format.video);
  out.codecs = format.video.codec + (format.audio ? "," + format.audio->codec : "");
  out.width = format.video.width;
  out.height = format.video.height;
  out.framesPerSecond = format.video.framesPerSecond;
  return out;
}

}  // namespace

struct Recorder::Impl : std::enable_shared_from_this<Impl> {
  /// A stream that has not ended yet, as far as this loop has heard.
  struct Live {
    Stream stream;
    std::function<void()> hangUp;
    std::deque<LivePart> parts;
    std::uint64_t nextPart = 0;
    std::string predecessor;        ///< the stream that it took over, until that has ended
    std::vector<Loop::Work> inbox;  ///< what happened to it meanwhile
    bool decided = false;           ///< its recording is, by its rate
    std::uint64_t segments = 0;     ///< that are durable
    std::int64_t rate = 0;
  };

  Impl(RecorderSettings given, Loop& on, Channels& known, ObjectStore& to)
      : settings(std::move(given)),
        loop(on),
        channels(known),
        store(to),
        database((std::filesystem::create_directories(settings.folder), settings.folder / "recorder.sqlite")),
        writer({.sync = settings.sync, .say = [this](const std::string& failure) { wrote(failure); }}) {}

  /// Called on the writer's thread.
  void wrote(const std::string& failure) {
    loop.post([tell = settings.say, failure] {
      if (tell) tell(failure.empty() ? "streams are being written again" : failure + "; it is tried again");
    });
  }

  void start() {
    delivery = std::make_shared<Delivery>(
        database, store, loop,
        Delivery::Hooks{.content = [this](const Parcel& parcel) { return contentOf(parcel); },
                        .delivered = [this](const Parcel& parcel) { delivered(parcel); },
                        .held = [this](const std::string& id, const std::string& why) { held(id, why); }});
    for (auto& recording : database.recordings(remembered)) {
      const auto path = folderOf(recording.format.video);
      auto& rows = recording.renditions[path];
      rows.variant = sourceVariant(recording.format);
      rows.segments = database.segments(recording.id, path);
      order.push_back(recording.id);
      recordings.emplace(recording.id, std::move(recording));
    }
    std::ranges::reverse(order);
    for (const auto& stream : database.streams()) leftBehind(stream);
    for (const auto& [id, recording] : recordings) {
      if (recording.state == RecordingState::waiting) watch(id, *recording.windowEnds);
      if (recording.state < RecordingState::ended) delivery->send(id);
    }
  }

  /// A stream that was live when the recorder ended.
  void leftBehind(Stream stream) {
    stream.endedAt = loop.now();
    const auto found = recordings.find(stream.recording);
    batch([&] {
      if (found != recordings.end() && found->second.state == RecordingState::recording) wait(found->second);
      emit(streamEvent(stream, "Stream End", "the recorder was stopped", loop.now(), settings.random));
      database.remove(stream);
    });
  }

  template <class Work>
  void batch(Work work) {
    database.begin();
    try {
      work();
      database.commit();
    } catch (...) {
      database.rollback();
      throw;
    }
    for (const auto& event : std::exchange(unsent, {}))
      if (settings.event) settings.event(event);
  }

  void emit(Event event) {
    database.add(event);
    unsent.push_back(std::move(event));
  }

  void say(const std::string& sentence) {
    if (settings.say) settings.say(sentence);
  }

  // Streams

  void admit(const Attempt& attempt, const std::optional<Channel>& channel,
             const std::function<void(Admission)>& answer) {
    if (closing) return;
    if (!channel) return answer({nullptr, "The stream key is not known."});
    if (attempt.protocol == Protocol::rtmp && !channel->insecureIngest)
      return answer(
          {nullptr, "The channel takes no stream that is not encrypted (its insecureIngest is false)."});
    Live live;
    live.stream = {.id = streamId(settings.random),
                   .channel = *channel,
                   .startedAt = loop.now(),
                   .endedAt = std::nullopt,
                   .format = std::nullopt,
                   .recording = "",
                   .firstNumber = 0};
    live.hangUp = attempt.hangUp;
    const auto id = live.stream.id;
    const auto folder = settings.folder / id;
    std::filesystem::create_directories(folder);
    if (const auto before = current.find(channel->arn); before != current.end()) {
      live.predecessor = before->second;
      streams.at(before->second).hangUp();
    }
    batch([&] {
      database.put(live.stream);
      emit(streamEvent(live.stream, live.predecessor.empty() ? "Session Created" : "Stream Takeover", "",
                       loop.now(), settings.random));
    });
    current[channel->arn] = id;
    streams.emplace(id, std::move(live));
    answer(
        {std::make_shared<Broadcast>(Broadcast::Settings{.folder = folder,
                                                         .target = settings.segment.count() * ticksPerSecond,
                                                         .now = [&on = loop] { return on.now(); }},
                                     writer, newsOf(id)),
         ""});
  }

  BroadcastNews newsOf(const std::string& id) {
    const auto tell = [weak = weak_from_this(), &on = loop, id](auto work) {
      on.post([weak, id, work = std::move(work)]() mutable {
        if (const auto self = weak.lock()) self->heard(id, std::move(work));
      });
    };
    return {.started =
                [tell](const Format& format, Time at) {
                  tell([format, at](Impl& self, Live& live) { self.started(live, format, at); });
                },
            .readable =
                [tell](std::uint64_t number, const Part& part) {
                  tell([number, part](Impl& self, Live& live) { self.readable(live, number, part); });
                },
            .durable =
                [tell](const Segment& segment) {
                  tell([segment](Impl& self, Live& live) { self.durable(live, segment); });
                },
            .ended =
                [tell](const std::string& reason) {
                  tell([reason](Impl& self, Live& live) { self.ended(live, reason); });
                }};
  }

  /// What happens to a stream waits until the one that it took over has ended.
  template <class Work>
  void heard(const std::string& id, Work work) {
    auto& live = streams.at(id);
    if (live.predecessor.empty()) return work(*this, live);
    live.inbox.emplace_back([this, id, work = std::move(work)]() mutable { work(*this, streams.at(id)); });
  }

  void started(Live& live, const Format& format, Time at) {
    live.stream.format = format;
    live.stream.startedAt = at;
    batch([&] {
      emit(streamEvent(live.stream, "Stream Start", "", at, settings.random));
      if (live.stream.channel.recording) place(live, format, at);
      database.put(live.stream);
    });
    if (!live.stream.recording.empty()) delivery->send(live.stream.recording);
  }

  /// Finds or begins the recording of a stream.
  void place(Live& live, const Format& format, Time at) {
    for (const auto& id : order) {
      auto& recording = recordings.at(id);
      if (recording.state != RecordingState::waiting || recording.channel.arn != live.stream.channel.arn)
        continue;
      const auto why = recording.channel.recording->arn != live.stream.channel.recording->arn
                           ? "its configuration is another"
                           : whyNotMerged(recording, format, at);
      if (!why.empty()) {
        say(fmt::format("the stream {} begins a recording of its own beside {}: {}", live.stream.id, id,
                        why));
        finish(recording);
        continue;
      }
      recording.state = RecordingState::recording;
      recording.windowEnds.reset();
      live.stream.recording = id;
      live.stream.firstNumber = source(recording).segments.size();
      database.put(recording);
      return;
    }
    begin(live, format, at, 0);
    live.decided = true;
  }

  void begin(Live& live, const Format& format, Time at, std::uint64_t localNumber) {
    Recording recording;
    recording.id = randomName(settings.random, 12);
    recording.channel = live.stream.channel;
    recording.prefix =
        keyPrefix(recording.channel.recording->destination, recording.channel, at, recording.id);
    recording.startedAt = at;
    recording.streams = {live.stream.id};
    recording.format = format;
    auto variant = sourceVariant(format);
    recording.renditions[variant.path].variant = variant;
    live.stream.recording = recording.id;
    live.stream.firstNumber = 0 - localNumber;  // wraps, and comes round again when it is added
    database.put(recording);
    emit(recordingEvent(recording, live.stream.id, "Recording Start", "", at, settings.random));
    parcel(recording, Parcel::Kind::text, "events/recording-started.json", jsonType, eventFile(recording));
    order.insert(order.begin(), recording.id);
    recordings.emplace(recording.id, std::move(recording));
  }

  void readable(Live& live, std::uint64_t number, const Part& part) {
    const auto at = live.parts.empty() ? live.stream.startedAt
                                       : live.parts.back().at +
                                             std::chrono::milliseconds(live.parts.back().part.duration / 90);
    live.parts.push_back({.sequence = live.nextPart++,
                          .file = fileOf(live.stream.id, number),
                          .part = part,
                          .at = at,
                          .discontinuity = false});
    while (live.parts.front().at + liveWindow < at) live.parts.pop_front();
  }

  void durable(Live& live, Segment segment) {
    if (live.segments++ == 0) live.rate = rateOf(segment);
    if (live.stream.recording.empty()) return forget(fileOf(live.stream.id, segment.number));
    const auto local = segment.number;
    batch([&] {
      if (!live.decided) decide(live, local);
      auto& recording = recordings.at(live.stream.recording);
      if (recording.firstRate == 0) recording.firstRate = live.rate;
      segment.number += live.stream.firstNumber;
      segment.discontinuity = local == 0 && segment.number > 0;
      add(recording, segment, fileOf(live.stream.id, local));
      if (segment.at + std::chrono::milliseconds(segment.duration / 90) - recording.startedAt >=
          longestRecording) {
        finish(recording);
        begin(live, *live.stream.format, loop.now(), local + 1);
      }
      database.put(live.stream);
    });
    for (const auto& [id, recording] : recordings)
      if (recording.state < RecordingState::ended) delivery->send(id);
  }

  /// Its rate is known: it may still turn out to be another broadcast than the one that it would continue.
  void decide(Live& live, std::uint64_t local) {
    live.decided = true;
    auto& recording = recordings.at(live.stream.recording);
    if (similarRates(recording.firstRate, live.rate)) {
      recording.streams.push_back(live.stream.id);
      database.put(recording);
      return;
    }
    say(fmt::format("the stream {} begins a recording of its own beside {}: the bitrate is another",
                    live.stream.id, recording.id));
    finish(recording);
    begin(live, *live.stream.format, live.stream.startedAt, local);
  }

  void add(Recording& recording, const Segment& segment, const std::filesystem::path& file) {
    auto& rows = source(recording);
    rows.segments.push_back(segment);
    hls::setRates(rows.variant, rows.segments);
    database.addSegment(recording.id, rows.variant.path, segment);
    const auto media = fmt::format("media/hls/{}/", rows.variant.path);
    parcel(recording, Parcel::Kind::file, fmt::format("{}{}.ts", media, segment.number), mpegTs,
           file.string());
    playlists(recording);
  }

  void playlists(Recording& recording) {
    for (const auto& [path, rows] : recording.renditions) {
      const auto media = fmt::format("media/hls/{}/", path);
      parcel(recording, Parcel::Kind::mediaPlaylist, media + "playlist.m3u8", playlistType, path);
      parcel(recording, Parcel::Kind::byteRangePlaylist, media + "byte-range-variant.m3u8", playlistType,
             path);
    }
    parcel(recording, Parcel::Kind::multivariant, "media/hls/master.m3u8", playlistType, "playlist.m3u8");
    parcel(recording, Parcel::Kind::multivariant, "media/hls/byte-range-multivariant.m3u8", playlistType,
           "byte-range-variant.m3u8");
  }

  void ended(Live& live, const std::string& reason) {
    const auto id = live.stream.id, arn = live.stream.channel.arn;
    const auto now = loop.now();
    live.stream.endedAt = now;
    batch([&] {
      if (live.stream.format) emit(streamEvent(live.stream, "Stream End", reason, now, settings.random));
      if (!live.stream.recording.empty()) wait(recordings.at(live.stream.recording));
      emit(streamEvent(live.stream, "Session Ended", reason, now, settings.random));
      database.remove(live.stream);
    });
    if (!live.stream.recording.empty()) delivery->send(live.stream.recording);
    if (live.stream.recording.empty()) forget(settings.folder / id);
    if (const auto here = current.find(arn); here != current.end() && here->second == id) current.erase(here);
    streams.erase(id);
    follow(id);
  }

  /// Lets the stream that took this one over go on.
  void follow(const std::string& id) {
    for (auto& [other, live] : streams) {
      if (live.predecessor != id) continue;
      live.predecessor.clear();
      for (auto& work : std::exchange(live.inbox, {})) loop.post(std::move(work));
    }
  }

  // Recordings

  Rows& source(Recording& recording) { return recording.renditions.at(folderOf(recording.format.video)); }

  std::filesystem::path fileOf(const std::string& stream, std::uint64_t number) const {
    return settings.folder / stream / fmt::format("{}.ts", number);
  }

  void parcel(const Recording& recording, Parcel::Kind kind, const std::string& key, const char* type,
              std::string source) {
    delivery->add({.sequence = 0,
                   .recording = recording.id,
                   .kind = kind,
                   .destination = recording.channel.recording->destination,
                   .key = recording.prefix + "/" + key,
                   .contentType = type,
                   .source = std::move(source)});
  }

  std::string contentOf(const Parcel& parcel) const {
    const auto& recording = recordings.at(parcel.recording);
    const bool over = recording.state >= RecordingState::finishing;
    if (parcel.kind != Parcel::Kind::multivariant) {
      const auto& segments = recording.renditions.at(parcel.source).segments;
      return parcel.kind == Parcel::Kind::mediaPlaylist ? hls::mediaPlaylist(segments, over)
                                                        : hls::byteRangePlaylist(segments, over);
    }
    std::vector<hls::Variant> variants;
    for (const auto& [path, rows] : recording.renditions) variants.push_back(rows.variant);
    return hls::multivariant(variants, parcel.source);
  }

  void wait(Recording& recording) {
    recording.state = RecordingState::waiting;
    recording.endedAt = loop.now();
    recording.windowEnds = loop.now() + recording.channel.recording->reconnectWindow;
    if (recording.channel.recording->reconnectWindow.count() == 0) return finish(recording);
    database.put(recording);
    watch(recording.id, *recording.windowEnds);
  }

  void watch(const std::string& id, Time ends) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(ends - loop.now());
    loop.after(std::max(left, std::chrono::milliseconds(0)), [weak = weak_from_this(), id, ends] {
      const auto self = weak.lock();
      if (!self) return;
      auto& recording = self->recordings.at(id);
      if (recording.state != RecordingState::waiting || recording.windowEnds != ends) return;
      self->batch([&] { self->finish(recording); });
      self->delivery->send(id);
    });
  }

  /// Nothing is added to it any more.
  void finish(Recording& recording) {
    recording.state = RecordingState::finishing;
    if (!recording.endedAt) recording.endedAt = loop.now();
    recording.windowEnds.reset();
    database.put(recording);
    playlists(recording);
    parcel(recording, Parcel::Kind::text, "events/recording-ended.json", jsonType, eventFile(recording));
  }

  void delivered(const Parcel& parcel) {
    if (parcel.kind == Parcel::Kind::file) forget(parcel.source);
    auto& recording = recordings.at(parcel.recording);
    if (recording.state != RecordingState::finishing || database.waiting(parcel.recording) > 0) return;
    batch([&] {
      recording.state = RecordingState::ended;
      recording.failure.clear();
      database.put(recording);
      emit(recordingEvent(recording, recording.streams.back(), "Recording End", "", loop.now(),
                          settings.random));
    });
    for (const auto& stream : recording.streams) forget(settings.folder / stream);
  }

  void held(const std::string& id, const std::string& why) {
    auto& recording = recordings.at(id);
    recording.failure = why;
    say(why.empty()
            ? fmt::format("the recording {} is being stored again", id)
            : fmt::format("the recording {} cannot be stored: {}; it is kept and tried again", id, why));
  }

  /// Removes what is stored, once nobody can be playing it live.
  void forget(std::filesystem::path path) {
    loop.after(liveWindow * 2, [path = std::move(path)] {
      std::error_code ignored;
      std::filesystem::remove_all(path, ignored);
    });
  }

  RecorderSettings settings;
  Loop& loop;
  Channels& channels;
  ObjectStore& store;
  Database database;
  std::shared_ptr<Delivery> delivery;
  std::map<std::string, Live> streams;         ///< by stream id
  std::map<std::string, std::string> current;  ///< channel ARN → the stream that is its live one
  std::map<std::string, Recording> recordings;
  std::vector<std::string> order;  ///< recordings' ids, newest first
  std::vector<Event> unsent;       ///< of the open batch
  bool closing = false;
  FileWriter writer;  ///< the last: its thread ends first
};

Recorder::Recorder(RecorderSettings settings, Loop& loop, Channels& channels, ObjectStore& store)
    : impl_(std::make_shared<Impl>(std::move(settings), loop, channels, store)) {
  impl_->start();
}

Recorder::~Recorder() = default;

void Recorder::admit(Attempt attempt, std::function<void(Admission)> answer) {
  const auto key = attempt.streamKey;
  impl_->channels.find(key, [weak = std::weak_ptr(impl_), &loop = impl_->loop, attempt = std::move(attempt),
                             answer = std::move(answer)](std::optional<Channel> channel) {
    loop.post([weak, attempt, answer, channel = std::move(channel)] {
      if (const auto impl = weak.lock()) impl->admit(attempt, channel, answer);
    });
  });
}

std::string Recorder::passphrase(const std::string& streamKey) {
  const auto promise = std::make_shared<std::promise<std::string>>();
  impl_->channels.find(streamKey, [promise](const std::optional<Channel>& channel) {
    promise->set_value(channel ? channel->passphrase : "");
  });
  auto answer = promise->get_future();
  return answer.wait_for(std::chrono::seconds(2)) == std::future_status::ready ? answer.get() : "";
}

std::vector<RecordingInfo> Recorder::recordings() const {
  std::vector<RecordingInfo> out;
  for (const auto& id : impl_->order) {
    const auto& recording = impl_->recordings.at(id);
    RecordingInfo info{.id = id,
                       .channelArn = recording.channel.arn,
                       .channelName = recording.channel.name,
                       .bucket = recording.channel.recording->destination.bucket,
                       .prefix = recording.prefix,
                       .startedAt = recording.startedAt,
                       .endedAt = recording.endedAt,
                       .duration = athanor::recorder::duration(recording),
                       .state = recording.state,
                       .failure = recording.failure,
                       .streams = recording.streams.size(),
                       .waiting = impl_->database.waiting(id),
                       .renditions = {}};
    for (const auto& [path, rows] : recording.renditions) info.renditions.push_back(path);
    out.push_back(std::move(info));
  }
  return out;
}

std::optional<LiveStream> Recorder::live(const std::string& channelArn) const {
  const auto id = impl_->current.find(channelArn);
  if (id == impl_->current.end()) return {};
  const auto& live = impl_->streams.at(id->second);
  if (!live.stream.format) return {};
  return LiveStream{.streamId = live.stream.id,
                    .startedAt = live.stream.startedAt,
                    .format = *live.stream.format,
                    .parts = {live.parts.begin(), live.parts.end()},
                    .bitsPerSecond = live.rate};
}

bool Recorder::stop(const std::string& channelArn) {
  const auto id = impl_->current.find(channelArn);
  if (id == impl_->current.end()) return false;
  impl_->streams.at(id->second).hangUp();
  return true;
}

std::vector<Event> Recorder::events(std::int64_t after, std::size_t most) const {
  return impl_->database.events(after, most);
}

bool Recorder::busy() const {
  return !impl_->streams.empty() || std::ranges::any_of(impl_->recordings, [](const auto& one) {
    return one.second.state < RecordingState::ended;
  });
}

void Recorder::close() { impl_->closing = true; }

}  // namespace athanor::recorder
