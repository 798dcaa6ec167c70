#include "local/server.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/loop.h"
#include "local/admin/admin.h"
#include "local/behaviours.h"
#include "local/caller.h"
#include "local/cloudcontrol/cloud_control.h"
#include "local/data_folder.h"
#include "local/faults/throttle.h"
#include "local/http/listener.h"
#include "local/s3/object_versions.h"
#include "local/sts/identity.h"

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

/// All of a server while it serves; destroying it closes the port and frees the folder.
class Serving {
 public:
  Serving(ServerOptions given, const schema::Catalogue& catalogue)
      : options(std::move(given)),
        folder(options.data),
        database(folder.database()),
        inventory(database, catalogue, behaviours, sources, options.say),
        cloudControl(database, inventory, catalogue, behaviours, {options.latency, sources}),
        listener(loop, options.address, options.port, {}) {
    id = database.id(sources);
    const bool six = options.address.find(':') != std::string::npos;
    url = fmt::format("http://{}:{}", six ? "[" + options.address + "]" : options.address, listener.port());
    folder.announce(url);
    admin.tell({id, url, folder.path().string(), options.account, options.region, options.latency,
                options.rate, sources.now()});
    listener.serve(
        [this](const http::Request& request, http::Reply reply) { handle(request, std::move(reply)); });
    schedule();
    thread = std::thread([this] { loop.runUntil([this] { return stopping.load(); }); });
  }

  ~Serving() {
    stopping = true;
    loop.post([] {});  // wakes the loop
    thread.join();
    if (batching) closeBatch();
  }
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;

  const std::string& serverId() const { return id; }
  const std::string& serverUrl() const { return url; }

 private:
  /// Answers of one batch wait here for its commit.
  struct Waiting {
    http::Reply reply;
    http::Response response;
  };

  void handle(const http::Request& request, http::Reply reply) {
    if (admin::Admin::owns(request)) return admin.answer(request, std::move(reply));
    const auto requestId = uuid(sources);
    const auto scope = scopeOf(request, {options.account, options.region});
    reply = log.writing(request, scope.caller, requestId, std::move(reply));
    const auto target = request.header("x-amz-target");
    if (target.empty() && sts::isQuery(request)) return reply(sts::answer(request, scope, requestId));
    if (const auto bucket = s3::listedBucket(request); bucket && target.empty())
      return reply(s3::objectVersions(
          *bucket, inventory.find({scope.caller, "AWS::S3::Bucket", *bucket}).has_value(), requestId));
    if (request.method != "POST" || !target.starts_with(cloudControlTarget))
      return reply(failure(
          {"com.amazon.coral.service#UnknownOperationException",
           target.empty()
               ? fmt::format("The AWS that runs here does not know {} {}", request.method, request.path)
               : fmt::format("The AWS that runs here does not know the operation {}", target)},
          requestId));
    if (!throttle.admits(scope.caller, sources.now()))
      return reply(
          failure({"com.amazon.coral.availability#ThrottlingException", "Rate exceeded"}, requestId));
    openBatch();
    auto response =
        cloudControlAnswer(scope.caller, target.substr(cloudControlTarget.size()), request.body, requestId);
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
    try {
      if (batchFailure.empty())
        database.commit();
      else
        database.rollback();
    } catch (const std::exception& error) {
      batchFailure = error.what();
    }
    batching = false;
    if (!batchFailure.empty()) cloudControl.reload();
    for (auto& [reply, response] : std::exchange(waiting, {})) {
      if (!batchFailure.empty()) response = broken(batchFailure, uuid(sources));
      reply(std::move(response));
    }
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
    loop.after(std::max(delay, least), [this, at = *due] {
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
  Sources sources = systemSources();
  admin::RequestLog log{sources};
  SystemLoop loop;
  DataFolder folder;
  cloudcontrol::Database database;
  cloudcontrol::Behaviours behaviours = allBehaviours();
  cloudcontrol::Inventory inventory;
  cloudcontrol::CloudControl cloudControl;
  Throttle throttle{options.rate};
  admin::Admin admin{loop,
                     database,
                     log,
                     {.endBatch = [this] { closeBatch(); }, .deleted = [this] { cloudControl.reload(); }}};
  http::Listener listener;
  std::string id, url;
  bool batching = false;
  std::string batchFailure;
  std::vector<Waiting> waiting;
  std::optional<Time> scheduled;
  std::atomic<bool> stopping = false;
  std::thread thread;
};

}  // namespace

struct Server::Impl {
  Impl(ServerOptions options, const schema::Catalogue& catalogue)
      : serving(std::make_unique<Serving>(std::move(options), catalogue)),
        id(serving->serverId()),
        url(serving->serverUrl()) {}
  std::unique_ptr<Serving> serving;
  std::string id, url;
};

Server::Server(ServerOptions options, const schema::Catalogue& catalogue)
    : impl_(std::make_unique<Impl>(std::move(options), catalogue)) {}
Server::~Server() = default;

std::string Server::url() const { return impl_->url; }
std::string Server::id() const { return impl_->id; }
void Server::stop() { impl_->serving.reset(); }

}  // namespace athanor::local
