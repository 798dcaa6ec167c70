#include "recorder/recorder.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <future>
#include <map>
#include <utility>

#include "base/loop.h"
#include "recorder/mpegts/recover.h"
#include "recorder/session/archive.h"
#include "recorder/session/broadcast.h"
#include "recorder/session/events.h"
#include "recorder/session/reconnect.h"

namespace athanor::recorder {

namespace {

/// A stream that has not ended yet, as far as the recorder's loop has heard.
struct Live {
  Stream stream;
  std::function<void()> hangUp;
  std::deque<LivePart> parts;
  std::uint64_t nextPart = 0;
  std::string predecessor;        ///< the stream that it took over, until that has ended
  std::vector<Loop::Work> inbox;  ///< what happened to it meanwhile
  bool decided = false;           ///< its recording is, by its rate
  std::int64_t rate = 0;          ///< of the first of them
};

}  // namespace

struct Recorder::Impl : std::enable_shared_from_this<Impl> {
  Impl(RecorderSettings given, Loop& on, Channels& known, ObjectStore& store)
      : settings(std::move(given)),
        loop(on),
        channels(known),
        archive(std::make_shared<Archive>(settings, on, store)),
        writer({.sync = settings.sync, .say = [this](const std::string& failure) { wrote(failure); }}) {}

  /// Called on the writer's thread.
  void wrote(const std::string& failure) {
    loop.post([tell = settings.say, failure] {
      if (tell) tell(failure.empty() ? "streams are being written again" : failure + "; it is tried again");
    });
  }

  void start() {
    archive->resume();
    for (const auto& stream : archive->database().streams()) leftBehind(stream);
  }

  /// A stream that was live when the recorder ended: what is in its files is kept.
  void leftBehind(const Stream& stream) {
    const auto* recording = archive->find(stream.recording);
    auto& live = streams.emplace(stream.id, Live{}).first->second;
    live.stream = stream;
    live.decided = recording && std::ranges::find(recording->streams, stream.id) != recording->streams.end();
    if (recording)
      for (auto number = stream.segments; std::filesystem::exists(fileOf(stream.id, number)); ++number)
        recover(live, number);
    ended(live, "the recorder was stopped");
  }

  void recover(Live& live, std::uint64_t number) {
    const auto file = fileOf(live.stream.id, number);
    try {
      auto segment = mpegts::recover(file);
      if (!segment) return;
      segment->number = number;
      segment->at = live.stream.startedAt + milliseconds(live.stream.duration);
      durable(live, *segment);
    } catch (const std::runtime_error& error) {
      archive->say(fmt::format("what {} holds is lost: {}", file.string(), error.what()));
    }
  }

  void admit(const Attempt& attempt, const std::optional<Channel>& channel,
             const std::function<void(Admission)>& answer) {
    if (closing) return;
    if (!channel) return answer({nullptr, "The stream key is not known."});
    if (attempt.protocol == Protocol::rtmp && !channel->insecureIngest)
      return answer(
          {nullptr, "The channel takes no stream that is not encrypted (its insecureIngest is false)."});
    const auto id = taken(attempt, *channel);
    const auto folder = settings.folder / id;
    std::filesystem::create_directories(folder);
    answer(
        {std::make_shared<Broadcast>(Broadcast::Settings{.folder = folder,
                                                         .target = settings.segment.count() * ticksPerSecond,
                                                         .now = [&on = loop] { return on.now(); }},
                                     writer, newsOf(id)),
         ""});
  }

  /// Makes it the channel's stream, and ends the one that was. Gives its id.
  std::string taken(const Attempt& attempt, const Channel& channel) {
    Live live;
    live.stream.id = streamId(settings.random);
    live.stream.channel = channel;
    live.stream.startedAt = loop.now();
    live.hangUp = attempt.hangUp;
    if (const auto before = current.find(channel.arn); before != current.end()) {
      live.predecessor = before->second;
      streams.at(before->second).hangUp();
    }
    archive->batch([&] {
      archive->database().put(live.stream);
      archive->emit(streamEvent(live.stream, live.predecessor.empty() ? "Session Created" : "Stream Takeover",
                                "", loop.now(), settings.random));
    });
    auto id = live.stream.id;
    current[channel.arn] = id;
    streams.emplace(id, std::move(live));
    return id;
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
    archive->batch([&] {
      archive->emit(streamEvent(live.stream, "Stream Start", "", at, settings.random));
      if (live.stream.channel.recording) place(live, format, at);
      archive->database().put(live.stream);
    });
  }

  /// Finds or begins the recording of a stream.
  void place(Live& live, const Format& format, Time at) {
    for (const auto& id : archive->order()) {
      auto& recording = archive->at(id);
      if (recording.state != RecordingState::waiting || recording.channel.arn != live.stream.channel.arn)
        continue;
      const auto why = recording.channel.recording->arn != live.stream.channel.recording->arn
                           ? "its configuration is another"
                           : whyNotMerged(recording, format, at);
      if (!why.empty()) {
        leave(live, recording, why);
        continue;
      }
      recording.state = RecordingState::recording;
      recording.windowEnds.reset();
      live.stream.recording = id;
      live.stream.firstNumber = recording.source.segments.size();
      archive->database().put(recording);
      return;
    }
    begin(live, at, 0);
    live.decided = true;
  }

  void leave(const Live& live, Recording& recording, const std::string& why) {
    archive->say(fmt::format("the stream {} begins a recording of its own, and does not go on with {}: {}",
                             live.stream.id, recording.id, why));
    archive->finish(recording);
  }

  /// Begins a recording with the stream's segment `local`.
  void begin(Live& live, Time at, std::uint64_t local) {
    live.stream.recording = archive->begin(live.stream, *live.stream.format, at).id;
    live.stream.firstNumber = 0 - local;  // wraps, and comes round again when it is added
  }

  void readable(Live& live, std::uint64_t number, const Part& part) {
    const auto at = live.parts.empty() ? live.stream.startedAt
                                       : live.parts.back().at + milliseconds(live.parts.back().part.duration);
    live.parts.push_back(
        {.sequence = live.nextPart++, .file = fileOf(live.stream.id, number), .part = part, .at = at});
    while (live.parts.front().at + liveWindow < at) live.parts.pop_front();
  }

  void durable(Live& live, Segment segment) {
    if (live.stream.segments++ == 0) live.rate = rateOf(segment);
    live.stream.duration += segment.duration;
    const auto local = segment.number;
    const auto file = fileOf(live.stream.id, local);
    if (live.stream.recording.empty()) return archive->forget(file);
    archive->batch([&] {
      if (!live.decided) decide(live, local);
      auto& recording = archive->at(live.stream.recording);
      if (recording.firstRate == 0) recording.firstRate = live.rate;
      segment.number += live.stream.firstNumber;
      segment.discontinuity = local == 0 && segment.number > 0;
      archive->add(recording, segment, file);
      const auto end = segment.at + milliseconds(segment.duration);
      if (end - recording.startedAt >= longestRecording) {
        archive->finish(recording);
        begin(live, end, local + 1);
      }
      archive->database().put(live.stream);
    });
  }

  /// Its rate is known: it may still turn out to be another broadcast than the one that it would continue.
  void decide(Live& live, std::uint64_t local) {
    live.decided = true;
    auto& recording = archive->at(live.stream.recording);
    if (similarRates(recording.firstRate, live.rate)) {
      recording.streams.push_back(live.stream.id);
      archive->database().put(recording);
      return;
    }
    leave(live, recording, "the bitrate is another");
    begin(live, live.stream.startedAt, local);
  }

  void ended(Live& live, const std::string& reason) {
    const auto id = live.stream.id, arn = live.stream.channel.arn;
    const auto now = loop.now();
    const bool recorded = !live.stream.recording.empty();
    archive->batch([&] {
      if (live.stream.format)
        archive->emit(streamEvent(live.stream, "Stream End", reason, now, settings.random));
      if (recorded) archive->wait(archive->at(live.stream.recording));
      archive->emit(streamEvent(live.stream, "Session Ended", reason, now, settings.random));
      archive->database().remove(live.stream);
    });
    if (!recorded) archive->forget(settings.folder / id);
    if (const auto here = current.find(arn); here != current.end() && here->second == id) current.erase(here);
    streams.erase(id);
    follow(id);
    if (streams.empty() && quiet) std::exchange(quiet, nullptr)();
  }

  /// Lets the stream that took this one over go on.
  void follow(const std::string& id) {
    for (auto& [other, live] : streams) {
      if (live.predecessor != id) continue;
      live.predecessor.clear();
      for (auto& work : std::exchange(live.inbox, {})) loop.post(std::move(work));
    }
  }

  std::filesystem::path fileOf(const std::string& stream, std::uint64_t number) const {
    return settings.folder / stream / fmt::format("{}.ts", number);
  }

  RecorderSettings settings;
  Loop& loop;
  Channels& channels;
  std::shared_ptr<Archive> archive;
  std::map<std::string, Live> streams;         ///< by stream id
  std::map<std::string, std::string> current;  ///< channel ARN → the stream that is its live one
  bool closing = false;
  std::function<void()> quiet;  ///< to be called once no stream is left
  FileWriter writer;            ///< the last: its thread ends first
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
  for (const auto& id : impl_->archive->order()) out.push_back(impl_->archive->info(id));
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
                    .parts = {live.parts.begin(), live.parts.end()}};
}

std::vector<Event> Recorder::events(std::int64_t after, std::size_t most) const {
  return impl_->archive->database().events(after, most);
}

bool Recorder::busy() const { return !impl_->streams.empty() || impl_->archive->busy(); }

void Recorder::close(std::function<void()> quiet) {
  impl_->closing = true;
  if (impl_->streams.empty()) return quiet();
  impl_->quiet = std::move(quiet);
}

}  // namespace athanor::recorder
