#include "local/ivs/streaming.h"

#include <fmt/format.h>

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <charconv>
#include <future>
#include <optional>
#include <random>
#include <thread>
#include <utility>

#include "aws/uri.h"
#include "base/json.h"
#include "base/loop.h"
#include "base/time_text.h"
#include "local/ivs/playback.h"
#include "recorder/ingest/rtmp/server.h"

namespace athanor::local::ivs {

namespace {

http::Response json(const Json& body) {
  return {200,
          {{"Content-Type", "application/json"}},
          body.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"};
}

std::string_view nameOf(recorder::RecordingState state) {
  constexpr std::string_view names[] = {"RECORDING", "WAITING", "FINISHING", "ENDED", "FAILED"};
  return names[static_cast<std::size_t>(state)];
}

Json toJson(const recorder::RecordingInfo& recording) {
  Json out = {{"id", recording.id},
              {"channelArn", recording.channelArn},
              {"channelName", recording.channelName},
              {"bucket", recording.bucket},
              {"prefix", recording.prefix},
              {"startedAt", isoTime(recording.startedAt)},
              {"durationMs", recording.duration.count()},
              {"state", nameOf(recording.state)},
              {"streams", recording.streams},
              {"waiting", recording.waiting},
              {"renditions", recording.renditions}};
  if (recording.endedAt) out["endedAt"] = isoTime(*recording.endedAt);
  if (!recording.failure.empty()) out["failure"] = recording.failure;
  return out;
}

}  // namespace

struct Streaming::Impl {
  Impl(StreamingOptions given, Loop& on, recorder::Channels& channels, recorder::ObjectStore& store)
      : options(std::move(given)), server(on), recorder(settings(), loop, channels, store) {
    rtmp.emplace(recorder::rtmp::ServerSettings{.address = options.address, .port = options.rtmpPort},
                 recorder);
    thread = std::thread([this] {
      const auto alive = boost::asio::make_work_guard(loop.context());  // it waits for what others post
      while (!stopping) {
        try {
          loop.runUntil([this] { return stopping.load(); });
        } catch (const std::exception& error) {  // of one event of one stream; the others go on
          say(fmt::format("a recording is not whole: {}", error.what()));
        }
      }
    });
  }

  ~Impl() {
    leaving = true;
    auto quiet = std::make_shared<std::promise<void>>();
    auto closed = std::make_shared<std::promise<void>>();
    loop.post([this, quiet, closed] {
      recorder.close([quiet] { quiet->set_value(); });
      closed->set_value();
    });
    closed->get_future().wait();
    rtmp.reset();  // whoever publishes is told, and what came is written
    quiet->get_future().wait_for(std::chrono::seconds(10));
    stopping = true;
    loop.post([] {});
    thread.join();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void say(const std::string& sentence) {
    if (options.say) server.post([tell = options.say, sentence] { tell(sentence); });
  }

  recorder::RecorderSettings settings() {
    recorder::RecorderSettings out;
    out.folder = options.folder;
    out.segment = options.segment;
    out.preset = options.preset;
    out.say = [this](const std::string& sentence) { say(sentence); };
    out.leaving = [this] { return leaving.load(); };
    out.random = [random = std::make_shared<std::random_device>()] {
      return static_cast<std::uint64_t>((*random)()) << 32 | (*random)();
    };
    return out;
  }

  /// Lets `work` make an answer on the recorder's loop, and sends it on the server's.
  template <class Work>
  void answer(http::Reply reply, Work work) {
    loop.post(
        [this, work = std::move(work), held = std::make_shared<http::Reply>(std::move(reply))]() mutable {
          server.post(
              [held, response = std::make_shared<http::Response>(work())] { (*held)(std::move(*response)); });
        });
  }

  StreamingOptions options;
  Loop& server;
  SystemLoop loop;
  recorder::Recorder recorder;
  std::optional<recorder::rtmp::Server> rtmp;
  std::atomic<bool> leaving = false, stopping = false;
  std::thread thread;
};

Streaming::Streaming(StreamingOptions options, Loop& loop, recorder::Channels& channels,
                     recorder::ObjectStore& store)
    : impl_(std::make_unique<Impl>(std::move(options), loop, channels, store)) {}
Streaming::~Streaming() = default;

std::uint16_t Streaming::rtmpPort() const { return impl_->rtmp->port(); }

void Streaming::play(const std::string& path, http::Reply reply) {
  const auto wanted = playbackPath(path);
  if (!wanted) return reply(offline());
  impl_->answer(std::move(reply), [this, path, wanted = *wanted] {
    const auto live = impl_->recorder.live(wanted.channelArn);
    if (!live || live->parts.empty()) return offline();
    return wanted.sequence ? livePart(wanted, *live) : livePlaylist(path, *live);
  });
}

void Streaming::recordings(http::Reply reply) {
  impl_->answer(std::move(reply), [this] {
    Json out = Json::array();
    for (const auto& recording : impl_->recorder.recordings()) out.push_back(toJson(recording));
    return json({{"recordings", std::move(out)}});
  });
}

void Streaming::events(const std::string& query, http::Reply reply) {
  std::int64_t after = 0;
  for (const auto& [name, value] : aws::parseQuery(query))
    if (name == "after") std::from_chars(value.data(), value.data() + value.size(), after);
  impl_->answer(std::move(reply), [this, after] {
    Json out = Json::array();
    auto next = after;
    for (const auto& event : impl_->recorder.events(after, 500)) {
      out.push_back(Json::parse(event.json));
      next = event.sequence;
    }
    return json({{"events", std::move(out)}, {"next", next}});
  });
}

}  // namespace athanor::local::ivs
