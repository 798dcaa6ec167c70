#include "recorder/session/archive.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <thread>
#include <utility>

#include "base/loop.h"
#include "base/random_text.h"
#include "recorder/session/events.h"
#include "recorder/session/ladder.h"
#include "recorder/session/names.h"

namespace athanor::recorder {

namespace {

constexpr std::size_t remembered = 1000;  // recordings that are over

constexpr auto jpeg = "image/jpeg", mpegTs = "video/mp2t", playlistType = "application/vnd.apple.mpegurl",
               jsonType = "application/json";

hls::Variant sourceVariant(const Format& format) {
  hls::Variant out;
  out.path = folderOf(format.video.height, format.video.framesPerSecond);
  out.codecs = format.video.codec + (format.audio ? "," + format.audio->codec : "");
  out.width = format.video.width;
  out.height = format.video.height;
  out.framesPerSecond = format.video.framesPerSecond;
  return out;
}

std::string segmentKey(const Rows& rows, const Segment& segment) {
  return fmt::format("media/hls/{}/{}.ts", rows.variant.path, segment.number);
}

/// Where the thumbnails of a source segment lie until they are stored: their numbers are those of the
/// intervals that begin in it.
std::map<std::uint64_t, Ticks> thumbnailsIn(const Recording& recording, const RenderTask& task) {
  std::map<std::uint64_t, Ticks> out;
  const auto& rules = recording.channel.recording->thumbnails;
  if (!rules.enabled || (!rules.sequential && !rules.latest)) return out;
  const auto interval = rules.interval.count() * ticksPerSecond;
  for (auto number = (task.begin + interval - 1) / interval;
       number * interval < task.begin + task.segment.duration; ++number)
    out.emplace(static_cast<std::uint64_t>(number), number * interval - task.begin);
  return out;
}

/// Of the thumbnails: the best that their band has; 0 for the source's own.
int heightOf(const Recording& recording) {
  const auto band = recording.channel.recording->thumbnails.resolution;
  if (!band || bandOf(recording.format.video.height) == band) return 0;
  constexpr std::array tallest{360, 480, 720, 1080};
  const auto height = tallest.at(static_cast<std::size_t>(*band));
  return height < recording.format.video.height ? height : 0;
}

}  // namespace

Archive::Archive(const RecorderSettings& settings, Loop& loop, ObjectStore& store)
    : settings_(settings),
      loop_(loop),
      store_(store),
      database_((std::filesystem::create_directories(settings.folder), settings.folder / "recorder.sqlite")) {
}

void Archive::resume() {
  delivery_ = std::make_shared<Delivery>(
      database_, store_, loop_,
      Delivery::Hooks{.batch = [this](const std::function<void()>& work) { batch(work); },
                      .content = [this](const Parcel& parcel) { return contentOf(parcel); },
                      .delivered = [this](const Parcel& parcel) { delivered(parcel); },
                      .held = [this](const std::string& id, const std::string& why) { held(id, why); }});
  rendering_ = std::make_unique<Rendering>(
      Rendering::Settings{
          .threads = settings_.renderThreads, .preset = settings_.preset, .sync = settings_.sync},
      loop_,
      [this](const RenderTask& task, const Renderer::Task& work, const Renderer::Outcome& outcome,
             const std::string& failure) { rendered(task, work, outcome, failure); });
  for (auto& recording : database_.recordings(remembered)) {
    recording.source.variant = sourceVariant(recording.format);
    if (!over(recording)) readSegments(recording);
    order_.push_back(recording.id);
    recordings_.emplace(recording.id, std::move(recording));
  }
  for (const auto& [id, recording] : recordings_)
    if (recording.state == RecordingState::waiting) watch(id, *recording.windowEnds);
  for (auto& task : database_.tasks()) render(std::move(task));
  for (const auto& [id, recording] : recordings_)
    if (!over(recording)) delivery_->send(id);
}

/// Of one that is over nobody needs them.
void Archive::readSegments(Recording& recording) {
  const auto read = [&](Rows& rows, const std::string& path) {
    rows.duration = 0;
    for (auto& segment : database_.segments(recording.id, path)) rows.add(std::move(segment));
  };
  read(recording.source, "");
  for (auto& [path, rows] : recording.renditions) read(rows, path);
}

void Archive::batch(const std::function<void()>& work) {
  database_.begin();
  try {
    work();
    commit();
  } catch (...) {
    database_.rollback();
    untold_.clear();
    touched_.clear();
    throw;
  }
  for (const auto& event : std::exchange(untold_, {}))
    if (settings_.event) settings_.event(event);
  for (const auto& id : std::exchange(touched_, {})) delivery_->send(id);
}

void Archive::commit() {
  constexpr std::chrono::milliseconds pause{500};
  bool said = false;
  while (!database_.commit()) {
    if (settings_.leaving && settings_.leaving())
      throw std::runtime_error("what was recorded cannot be written down");
    if (!std::exchange(said, true)) say("what was recorded cannot be written down; it is tried again");
    std::this_thread::sleep_for(pause);
  }
  if (said) say("what was recorded is written down again");
}

void Archive::emit(Event event) {
  database_.add(event);
  untold_.push_back(std::move(event));
}

void Archive::say(const std::string& sentence) const {
  if (settings_.say) settings_.say(sentence);
}

Recording* Archive::find(const std::string& id) {
  const auto found = recordings_.find(id);
  return found == recordings_.end() ? nullptr : &found->second;
}

bool Archive::busy() const {
  return std::ranges::any_of(recordings_, [](const auto& one) { return !over(one.second); });
}

Recording& Archive::begin(const Stream& stream, const Format& format, Time at) {
  Recording recording;
  recording.id = randomText(settings_.random, lettersAndDigits, 12);
  recording.channel = stream.channel;
  recording.prefix = keyPrefix(recording.channel.recording->destination, recording.channel, at, recording.id);
  recording.startedAt = at;
  recording.streams = {stream.id};
  recording.format = format;
  recording.source.variant = sourceVariant(format);
  auto ladder = ladderFor(*recording.channel.recording, recording.channel.transcoded, format.video);
  recording.keepsSource = ladder.source;
  recording.encoded = std::move(ladder.encoded);
  for (const auto& note : ladder.notes) say(fmt::format("the recording {}: {}", recording.id, note));
  database_.put(recording);
  emit(recordingEvent(recording, stream.id, "Recording Start", "", at, settings_.random));
  parcel(recording, Parcel::Kind::text, "events/recording-started.json", jsonType, eventFile(recording));
  order_.insert(order_.begin(), recording.id);
  return recordings_.emplace(recording.id, std::move(recording)).first->second;
}

RecordingInfo Archive::info(const std::string& id) {
  const auto& recording = recordings_.at(id);
  RecordingInfo out{.id = id,
                    .channelArn = recording.channel.arn,
                    .channelName = recording.channel.name,
                    .bucket = recording.channel.recording->destination.bucket,
                    .prefix = recording.prefix,
                    .startedAt = recording.startedAt,
                    .endedAt = recording.endedAt,
                    .duration = duration(recording),
                    .state = recording.state,
                    .failure = heldUp_.contains(id) ? heldUp_.at(id) : recording.failure,
                    .streams = recording.streams.size(),
                    .waiting = database_.waiting(id),
                    .renditions = {}};
  for (const auto& variant : variants(recording)) out.renditions.push_back(variant.path);
  return out;
}

void Archive::add(Recording& recording, const Segment& segment, const std::filesystem::path& file) {
  auto& rows = recording.source;
  RenderTask task{
      .recording = recording.id, .segment = segment, .file = file.string(), .begin = rows.duration};
  rows.add(segment);
  database_.addSegment(recording.id, "", segment);
  if (recording.keepsSource) {
    parcel(recording, Parcel::Kind::file, segmentKey(rows, segment), mpegTs, file.string());
    playlists(recording);
  }
  database_.add(task);
  render(std::move(task));
}

void Archive::playlists(Recording& recording) {
  const auto list = variants(recording);
  if (list.empty()) return;
  for (const auto& variant : list) {
    const auto media = fmt::format("media/hls/{}/", variant.path);
    parcel(recording, Parcel::Kind::mediaPlaylist, media + "playlist.m3u8", playlistType, variant.path);
    parcel(recording, Parcel::Kind::byteRangePlaylist, media + "byte-range-variant.m3u8", playlistType,
           variant.path);
  }
  parcel(recording, Parcel::Kind::multivariant, "media/hls/master.m3u8", playlistType, "playlist.m3u8");
  parcel(recording, Parcel::Kind::multivariant, "media/hls/byte-range-multivariant.m3u8", playlistType,
         "byte-range-variant.m3u8");
}

std::filesystem::path Archive::renderedFolder(const std::string& recording) const {
  return settings_.folder / ("rendered-" + recording);
}

void Archive::render(RenderTask task) {
  const auto& recording = recordings_.at(task.recording);
  const auto folder = renderedFolder(recording.id);
  Renderer::Task work{.source = task.file,
                      .segment = task.segment,
                      .folder = folder,
                      .framesPerSecond = recording.source.variant.framesPerSecond,
                      .renditions = recording.encoded,
                      .thumbnails = {}};
  const auto height = heightOf(recording);
  for (const auto& [number, at] : thumbnailsIn(recording, task))
    work.thumbnails.push_back(
        {.at = at, .height = height, .file = folder / fmt::format("thumb{}.jpg", number)});
  rendering_->add(std::move(task), std::move(work));
}

void Archive::rendered(const RenderTask& task, const Renderer::Task& work, const Renderer::Outcome& outcome,
                       const std::string& failure) {
  auto& recording = recordings_.at(task.recording);
  batch([&] {
    if (!failure.empty()) {
      recording.failure = failure;
      say(fmt::format("the recording {} lacks what segment {} would have given: {}", recording.id,
                      task.segment.number, failure));
      database_.put(recording);
    }
    for (std::size_t i = 0; i < outcome.renditions.size(); ++i)
      keep(recording, recording.encoded[i], outcome.renditions[i]);
    if (failure.empty())
      for (const auto& thumbnail : work.thumbnails) keep(recording, thumbnail);
    if (!outcome.renditions.empty()) playlists(recording);
    database_.done(task);
    if (!recording.keepsSource) forget(task.file);
    conclude(recording);
  });
}

void Archive::keep(Recording& recording, const Rendition& rendition, const Renderer::Encoded& encoded) {
  auto& rows = recording.renditions[rendition.path];
  const bool first = rows.segments.empty();
  rows.variant.path = rendition.path;
  rows.variant.width = rendition.width;
  rows.variant.height = rendition.height;
  rows.variant.codecs = encoded.codecs;
  rows.variant.framesPerSecond = encoded.framesPerSecond;
  rows.add(encoded.segment);
  if (first) database_.put(recording);
  database_.addSegment(recording.id, rendition.path, encoded.segment);
  const auto file =
      renderedFolder(recording.id) / rendition.path / fmt::format("{}.ts", encoded.segment.number);
  parcel(recording, Parcel::Kind::file, segmentKey(rows, encoded.segment), mpegTs, file.string());
}

void Archive::keep(const Recording& recording, const Renderer::Thumbnail& thumbnail) {
  const auto& rules = *recording.channel.recording;
  auto to = rules.destination;
  auto prefix = recording.prefix;
  if (rules.thumbnails.destination) {
    to = *rules.thumbnails.destination;
    prefix = keyPrefix(to, recording.channel, recording.startedAt, recording.id);
  }
  const auto add = [&](const std::string& key) {
    deliver({.sequence = 0,
             .recording = recording.id,
             .kind = Parcel::Kind::file,
             .destination = to,
             .key = prefix + "/" + key,
             .contentType = jpeg,
             .source = thumbnail.file.string()});
  };
  if (rules.thumbnails.sequential) add("media/thumbnails/" + thumbnail.file.filename().string());
  if (rules.thumbnails.latest) add("media/latest_thumbnail/thumb.jpg");
}

void Archive::deliver(const Parcel& parcel) {
  delivery_->add(parcel);
  touched_.insert(parcel.recording);
}

void Archive::parcel(const Recording& recording, Parcel::Kind kind, const std::string& key, const char* type,
                     std::string source) {
  deliver({.sequence = 0,
           .recording = recording.id,
           .kind = kind,
           .destination = recording.channel.recording->destination,
           .key = recording.prefix + "/" + key,
           .contentType = type,
           .source = std::move(source)});
}

std::string Archive::contentOf(const Parcel& parcel) const {
  const auto& recording = recordings_.at(parcel.recording);
  if (parcel.kind == Parcel::Kind::multivariant) return hls::multivariant(variants(recording), parcel.source);
  const auto encoded = recording.renditions.find(parcel.source);
  const auto& rows = encoded == recording.renditions.end() ? recording.source : encoded->second;
  return parcel.kind == Parcel::Kind::mediaPlaylist
             ? hls::mediaPlaylist(rows.segments, recording.concluded)
             : hls::byteRangePlaylist(rows.segments, recording.concluded);
}

void Archive::wait(Recording& recording) {
  recording.state = RecordingState::waiting;
  recording.endedAt = loop_.now();
  recording.windowEnds = loop_.now() + recording.channel.recording->reconnectWindow;
  if (recording.channel.recording->reconnectWindow.count() == 0) return finish(recording);
  database_.put(recording);
  watch(recording.id, *recording.windowEnds);
}

void Archive::watch(const std::string& id, Time ends) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(ends - loop_.now());
  loop_.after(std::max(left, std::chrono::milliseconds(0)), [weak = weak_from_this(), id, ends] {
    const auto self = weak.lock();
    if (!self) return;
    auto& recording = self->recordings_.at(id);
    if (recording.state != RecordingState::waiting || recording.windowEnds != ends) return;
    self->batch([&] { self->finish(recording); });
  });
}

/// Nothing is added to it any more.
void Archive::finish(Recording& recording) {
  recording.state = RecordingState::finishing;
  if (!recording.endedAt) recording.endedAt = loop_.now();
  recording.windowEnds.reset();
  database_.put(recording);
  conclude(recording);
}

/// Once everything is made that belongs to it, the last playlists and events are written.
void Archive::conclude(Recording& recording) {
  if (recording.state != RecordingState::finishing || recording.concluded || database_.hasTasks(recording.id))
    return;
  recording.concluded = true;
  database_.put(recording);
  playlists(recording);
  parcel(recording, Parcel::Kind::text,
         recording.failure.empty() ? "events/recording-ended.json" : "events/recording-failed.json", jsonType,
         eventFile(recording));
}

void Archive::delivered(const Parcel& parcel) {
  auto& recording = recordings_.at(parcel.recording);
  if (!recording.concluded || database_.waiting(parcel.recording) > 0) return;
  const bool whole = recording.failure.empty();
  batch([&] {
    recording.state = whole ? RecordingState::ended : RecordingState::failed;
    database_.put(recording);
    emit(recordingEvent(recording, recording.streams.back(),
                        whole ? "Recording End" : "Recording End Failure", recording.failure, loop_.now(),
                        settings_.random));
  });
  for (const auto& stream : recording.streams) forget(settings_.folder / stream);
  forget(renderedFolder(recording.id));
}

void Archive::held(const std::string& id, const std::string& why) {
  if (why.empty())
    heldUp_.erase(id);
  else
    heldUp_[id] = why;
  say(why.empty()
          ? fmt::format("the recording {} is being stored again", id)
          : fmt::format("the recording {} cannot be stored: {}; it is kept and tried again", id, why));
}

/// Removes what is stored, once nobody can be playing it live.
void Archive::forget(std::filesystem::path path) {
  loop_.after(liveWindow * 2, [path = std::move(path)] {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  });
}

}  // namespace athanor::recorder
