#include "local/server.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/loop.h"
#include "local/admin/admin.h"
#include "local/auth/gate.h"
#include "local/batch.h"
#include "local/behaviours.h"
#include "local/caller.h"
#include "local/cloudcontrol/cloud_control.h"
#include "local/data_folder.h"
#include "local/exposure.h"
#include "local/faults/api.h"
#include "local/http/guard.h"
#include "local/http/listener.h"
#include "local/ivs/directory.h"
#include "local/ivs/playback.h"
#include "local/ivs/streaming.h"
#include "local/s3/service.h"
#include "local/s3/store.h"
#include "local/sts/sts.h"
#include "local/tls/authority.h"

namespace athanor::local {

namespace {

constexpr std::string_view cloudControlTarget = "CloudApiService.";

http::Response json(unsigned status, std::string body, const std::string& requestId) {
  return {status,
          {{"Content-Type", "application/x-amz-json-1.0"}, {"x-amzn-RequestId", requestId}},
          std::move(body)};
}

/// Cloud Control's own exceptions call their text `Message`; those of the framework that it is served by, for
/// models that break their schema and for throttling, call it `message`.
http::Response failure(const cloudcontrol::ApiError& error, const std::string& requestId) {
  const bool framework = error.type().starts_with("com.amazon.coral.validate#") ||
                         error.type().starts_with("com.amazon.coral.availability#");
  const Json body = {{"__type", error.type()}, {framework ? "message" : "Message", error.what()}};
  return json(error.status(), body.dump(-1, ' ', false, Json::error_handler_t::replace), requestId);
}

/// For what went wrong here and not in the request: a full disk, most likely.
http::Response broken(const std::string& why, const std::string& requestId) {
  return failure({"com.amazon.cloudapiservice#ServiceInternalErrorException", why, 500}, requestId);
}

/// The keys that requests must be signed with; none where any will do.
std::optional<auth::Credentials> credentialsOf(const ServerOptions& options, const DataFolder& folder) {
  auto file = options.credentials;
  std::error_code error;
  if (file.empty() && std::filesystem::exists(folder.credentials(), error)) file = folder.credentials();
  if (file.empty() && isLoopback(options.address)) return {};
  if (file.empty())
    throw Error(ErrorCode::usage,
                fmt::format("{} is not loopback: who may ask must be said there", options.address))
        .next(
            fmt::format("Name a file of keys with --credentials, in the format of ~/.aws/credentials, or put "
                        "it at {}.",
                        folder.credentials().string()));
  auto out = auth::Credentials::read(file, options.account);
  if (auth::readableByOthers(file) && options.say)
    options.say(fmt::format("others may read the keys in {}; chmod 600 it", file.string()));
  return out;
}

/// All of a server while it serves; destroying it closes the port and frees the folder.
class Serving : private Batch {
 public:
  Serving(ServerOptions given, const schema::Catalogue& catalogue)
      : options(std::move(given)),
        folder(options.data),
        database(folder.database()),
        inventory(database, catalogue, behaviours, sources, options.say, options.references),
        cloudControl(database, inventory, catalogue,
                     {options.latency, sources,
                      [this](const auto& resource, auto verb) { return faults.fateOf(resource, verb); }}),
        s3(loop, *this, database, inventory, objects, catalogue, sources, folder.path() / "s3"),
        console(database, inventory, catalogue),
        gate({{options.account, options.region}, credentialsOf(options, folder), sources}, sessions),
        listener(loop, options.address, options.port, {}) {
    faultsApi.check(options.faults);
    if (options.rate > 0) faults.add({quota(options.rate)});
    faults.add(options.faults);
    id = database.id(sources);
    const bool six = options.address.find(':') != std::string::npos;
    url = fmt::format("http://{}:{}", six ? "[" + options.address + "]" : options.address, listener.port());
    folder.announce(url);
    admin.tell({id, url, folder.path().string(), options.account, options.region, options.latency,
                options.rate, gate.checks(), sources.now()});
    listener.serveTls(certificates);
    listener.serve(
        [this](const http::Request& request, http::Reply reply) { handle(request, std::move(reply)); },
        [this](const http::Request& head) { return s3.spool(head); });
    takeStreams();
    schedule();
    thread = std::thread([this] { loop.runUntil([this] { return stopping.load(); }); });
  }

  ~Serving() override {
    stopping = true;
    loop.post([] {});  // wakes the loop
    thread.join();
    streaming.reset();
    if (batching) closeBatch();
  }
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;

  const std::string& serverId() const { return id; }
  const std::string& serverUrl() const { return url; }
  bool checksSignatures() const { return gate.checks(); }
  std::uint16_t rtmpPort() const { return streaming ? streaming->rtmpPort() : 0; }

 private:
  /// Answers of one batch wait here for its commit.
  struct Waiting {
    http::Reply reply;
    http::Response response;
    Verdict verdict = {};
  };

  void takeStreams() {
    if (!options.rtmpPort) return;
    try {
      streaming.emplace(ivs::StreamingOptions{.address = options.address,
                                              .rtmpPort = *options.rtmpPort,
                                              .folder = folder.path() / "streams",
                                              .say = options.say},
                        loop, directory, recordings);
    } catch (const Error& error) {
      if (options.rtmpPortAsked || error.code() != ErrorCode::conflict) throw;
      if (options.say)
        options.say(fmt::format("no streams are taken: {} (--rtmp-port takes another port)", error.what()));
    }
  }

  void handle(const http::Request& request, http::Reply reply) {
    const auto requestId = uuid(sources);
    if (request.method == "GET" && ivs::playbackPath(request.path))  // as on IVS, everybody may watch
      return streaming ? streaming->play(request.path, std::move(reply)) : reply(ivs::offline());
    if (admin::Admin::owns(request)) return aboutItself(request, requestId, std::move(reply));
    auto passage = gate.pass(request, requestId);
    const auto* admission = std::get_if<auth::Admission>(&passage);
    reply =
        log.writing(request, admission ? admission->asker.caller : Caller{options.account, options.region},
                    requestId, std::move(reply));
    if (!admission) return reply(std::get<http::Response>(std::move(passage)));
    const auto& asker = admission->asker;
    const auto target = request.header("x-amz-target");
    if (target.empty() && sts::isQuery(request))
      return reply(sts::answer(request, asker, sessions, requestId));
    if (target.empty() && (asker.service.empty() || asker.service == "s3"))
      return s3.answer(request, *admission, requestId, std::move(reply));
    if (request.method != "POST" || !target.starts_with(cloudControlTarget))
      return reply(failure(
          {"com.amazon.coral.service#UnknownOperationException",
           target.empty()
               ? fmt::format("The AWS that runs here does not know {} {}", request.method, request.path)
               : fmt::format("The AWS that runs here does not know the operation {}", target)},
          requestId));
    const auto operation = target.substr(cloudControlTarget.size());
    auto verdict = faults.meet(asker.caller, operation, request.body);
    if (verdict.loseRequest) return;  // the reply is dropped, and with it the connection
    if (verdict.error) return later(verdict.delay, std::move(reply), failure(*verdict.error, requestId));
    openBatch();
    for (const auto& intrusion : verdict.intrusions) intrude(intrusion);
    auto response = cloudControlAnswer(asker.caller, operation, request.body, requestId);
    waiting.push_back({std::move(reply), std::move(response), std::move(verdict)});
  }

  void later(std::chrono::milliseconds delay, http::Reply reply, http::Response response) {
    if (delay.count() == 0) return reply(std::move(response));
    loop.after(delay, [reply = std::move(reply), response = std::move(response)]() mutable {
      reply(std::move(response));
    });
  }

  void intrude(const Verdict::Intrusion& intrusion) {
    try {
      intrusion.set ? console.edit(intrusion.key, *intrusion.set) : console.remove(intrusion.key);
    } catch (const std::exception& why) {
      if (options.say)
        options.say(fmt::format("a fault could not {} {} {}: {}", intrusion.set ? "edit" : "delete",
                                intrusion.key.type, intrusion.key.identifier, why.what()));
    }
  }

  /// Ends the process where a fault of the open batch wants that now.
  void powerOffAt(Fault::StopAt moment) {
    if (std::ranges::none_of(waiting, [&](const Waiting& one) { return one.verdict.stop == moment; })) return;
    if (options.say) options.say("a fault stops this AWS");
    options.powerOff();
  }

  http::Response faultsAnswer(const http::Request& request, const std::string& requestId) {
    if (!batchFailure.empty()) return broken(batchFailure, requestId);
    try {
      return faultsApi.answer(request);
    } catch (const std::exception& error) {
      batchFailure = error.what();
      return broken(batchFailure, requestId);
    }
  }

  /// What nobody signs is for this machine alone, but for the server's being there.
  void aboutItself(const http::Request& request, const std::string& requestId, http::Reply reply) {
    if (!request.fromLoopback && request.path != "/_athanor/health")
      return reply(http::problem(403, "only this machine may ask for that", "Ask over loopback."));
    if (streaming && request.method == "GET" && request.path == "/_athanor/recordings")
      return streaming->recordings(std::move(reply));
    if (streaming && request.method == "GET" && request.path == "/_athanor/events")
      return streaming->events(request.query, std::move(reply));
    if (!FaultsApi::owns(request)) return admin.answer(request, std::move(reply));
    openBatch();
    auto response = faultsAnswer(request, requestId);
    waiting.push_back({std::move(reply), std::move(response)});
  }

  http::Response cloudControlAnswer(const Caller& caller, std::string_view operation, const std::string& body,
                                    const std::string& requestId) {
    if (!batchFailure.empty()) return broken(batchFailure, requestId);
    try {
      return json(200, cloudControl.answer(caller, operation, body), requestId);
    } catch (const cloudcontrol::ApiError& error) {
      return failure(error, requestId);
    } catch (const std::exception& error) {
      // What it left half done must not stay, and others of the batch may rest on it.
      batchFailure = error.what();
      return broken(batchFailure, requestId);
    }
  }

  std::string enter() override {
    openBatch();
    return batchFailure;
  }
  void spoil(const std::string& why) override { batchFailure = why; }
  void whenOver(End end) override { ends.push_back(std::move(end)); }

  /// Requests that are read in one turn of the loop share a transaction: it ends when the loop has nothing
  /// else that is ready.
  void openBatch() {
    if (batching) return;
    batching = true;
    batchFailure.clear();
    try {
      database.begin();
    } catch (const std::exception& error) {
      batchFailure = error.what();
    }
    loop.post([this] { closeBatch(); });
  }

  void closeBatch() {
    powerOffAt(Fault::StopAt::beforeCommit);
    try {
      if (batchFailure.empty())
        database.commit();
      else
        database.rollback();
    } catch (const std::exception& error) {
      batchFailure = error.what();
    }
    batching = false;
    powerOffAt(Fault::StopAt::afterCommit);
    if (!batchFailure.empty()) cloudControl.reload();
    for (auto& [reply, response, verdict] : std::exchange(waiting, {})) {
      if (verdict.loseAnswer) continue;
      if (!batchFailure.empty()) response = broken(batchFailure, uuid(sources));
      later(verdict.delay, std::move(reply), std::move(response));
    }
    for (auto& end : std::exchange(ends, {})) end(batchFailure);
    schedule();
  }

  /// Sees to it that operations end when they are due, asked about or not.
  void schedule() {
    const auto due = cloudControl.nextDue();
    if (!due || (scheduled && *scheduled <= *due)) return;
    scheduled = due;
    const auto delay = std::chrono::ceil<std::chrono::milliseconds>(*due - sources.now());
    // After a failure (a full disk), trying again at once would spin.
    const std::chrono::milliseconds least(batchFailure.empty() ? 0 : 1000);
    // What is stuck ends too late for a timer.
    constexpr std::chrono::milliseconds most = std::chrono::hours(1);
    loop.after(std::clamp(delay, least, most), [this, at = *due] {
      if (scheduled == at) scheduled.reset();
      openBatch();
      try {
        if (batchFailure.empty()) cloudControl.settle();
      } catch (const std::exception& error) {
        batchFailure = error.what();
      }
    });
  }

  ServerOptions options;
  Sources sources = options.sources;
  admin::RequestLog log{sources};
  SystemLoop loop;
  DataFolder folder;
  Caller usual{options.account, options.region};
  Faults faults{sources.now};
  cloudcontrol::Database database;
  s3::Index objects{database};
  cloudcontrol::Behaviours behaviours =
      allBehaviours(&objects, [this] { return streaming ? url : std::string(); });
  cloudcontrol::Inventory inventory;
  cloudcontrol::CloudControl cloudControl;
  s3::Service s3;
  Console console;
  FaultsApi faultsApi{
      faults,
      console,
      usual,
      sources,
      {.cleared = [this] { cloudControl.catchUp(); }, .mayStop = static_cast<bool>(options.powerOff)}};
  auth::Sessions sessions{folder.sessionKey(), sources};
  auth::Gate gate;
  admin::Admin admin{loop,
                     database,
                     log,
                     {.endBatch = [this] { closeBatch(); },
                      .deleted =
                          [this] {
                            cloudControl.reload();
                            s3.forgetContents();
                          }}};
  tls::Certificates certificates{folder.tls(), namesOf(options.address), sources, options.say};
  http::Listener listener;
  std::string id, url;
  bool batching = false;
  std::string batchFailure;
  std::vector<Waiting> waiting;
  std::vector<End> ends;
  std::optional<Time> scheduled;
  ivs::Directory directory{loop, database, inventory};
  s3::Store recordings{s3};
  std::optional<ivs::Streaming> streaming;
  std::atomic<bool> stopping = false;
  std::thread thread;
};

}  // namespace

struct Server::Impl {
  Impl(ServerOptions options, const schema::Catalogue& catalogue)
      : serving(std::make_unique<Serving>(std::move(options), catalogue)),
        id(serving->serverId()),
        url(serving->serverUrl()),
        checksSignatures(serving->checksSignatures()) {}
  std::unique_ptr<Serving> serving;
  std::string id, url;
  bool checksSignatures;
};

Server::Server(ServerOptions options, const schema::Catalogue& catalogue)
    : impl_(std::make_unique<Impl>(std::move(options), catalogue)) {}
Server::~Server() = default;

std::string Server::url() const { return impl_->url; }
std::string Server::id() const { return impl_->id; }
std::uint16_t Server::rtmpPort() const { return impl_->serving->rtmpPort(); }
bool Server::checksSignatures() const { return impl_->checksSignatures; }
void Server::stop() { impl_->serving.reset(); }

}  // namespace athanor::local
