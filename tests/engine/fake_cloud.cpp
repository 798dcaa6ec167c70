#include "engine/fake_cloud.h"

#include "schema/identifier.h"

namespace athanor::test {

using provider::Call;
using provider::Operation;
using provider::Progress;
using provider::Status;

std::size_t FakeCloud::count(const std::string& type) const {
  std::size_t n = 0;
  for (const auto& [id, live] : resources) n += live.properties.value("$type", "") == type;
  return n;
}

Task<Target> FakeCloud::target(std::string region, std::string) {
  if (unreachable) throw Error(ErrorCode::unreachable, silence);
  auto target = where;
  if (!region.empty()) target.region = region;
  co_return target;
}

provider::Provider& FakeCloud::provider(const Target&) { return *this; }

Call FakeCloud::createCall(const std::string& type, const Json& props, const std::string& token) {
  return {Operation::create, type, "", where, token, props.dump()};
}

std::optional<Call> FakeCloud::updateCall(const std::string& type, const std::string& identifier,
                                          const Json& live, const Json& before, const Json& desired,
                                          const std::string& token) {
  Json merged = live;
  for (const auto& [key, value] : before.items())
    if (!desired.contains(key)) merged.erase(key);
  merged.update(desired);
  if (merged == live) return {};
  return Call{Operation::update, type, identifier, where, token, merged.dump()};
}

Call FakeCloud::deleteCall(const std::string& type, const std::string& identifier, const std::string& token) {
  return {Operation::remove, type, identifier, where, token, "{}"};
}

namespace {
std::string arn(const std::string& type, int serial) {
  const bool ivs = type.starts_with("AWS::IVS::");
  const auto kind = type.ends_with("RecordingConfiguration") ? "recording-configuration"
                    : ivs                                    ? "channel"
                                                             : "thing";
  return std::string("arn:aws:") + (ivs ? "ivs" : "other") + ":us-east-1:123456789012:" + kind + "/" +
         std::to_string(serial);
}
}  // namespace

std::string FakeCloud::makeIdentifier(const schema::Type& type, Json& model) {
  ++serial_;
  for (const auto& name : type.identifier)
    if (!model.contains(name))
      model[name] = name.ends_with("Arn") ? arn(type.name, serial_) : "name-" + std::to_string(serial_);
  return *schema::identifierOf(type, model);
}

FakeCloud::Request FakeCloud::perform(const Call& call) {
  Request request{.progress = {}, .body = call.body, .ready = loop_.tick() + latency};
  auto& progress = request.progress;
  progress.operation = call.operation;
  progress.type = call.type;
  progress.requestToken = "request-" + call.clientToken;
  progress.identifier = call.identifier;
  progress.status = Status::succeeded;
  const char* verbs[] = {"create", "update", "delete"};
  const auto what = std::string(verbs[static_cast<int>(call.operation)]) + " " +
                    (call.identifier.empty() ? call.type : call.identifier);
  log.push_back(what);
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(loop_.tick().time_since_epoch());
  spans.push_back({what, now, now + latency});
  auto props = Json::parse(call.body);
  for (const auto& key : {call.type, stringAt(props, "Name", "-"), call.identifier})
    if (const auto bad = failing.find(key); bad != failing.end()) {
      progress.status = Status::failed;
      progress.errorCode = bad->second;
      progress.message = "it was told to fail";
      if (leavesRemnants && call.operation == Operation::create) {
        progress.identifier = makeIdentifier(*catalogue_.find(call.type), props);
        props["$type"] = call.type;
        resources[progress.identifier] = {progress.identifier, props};
      }
      return request;
    }
  if (call.operation == Operation::create) {
    progress.identifier = makeIdentifier(*catalogue_.find(call.type), props);
    if (resources.contains(progress.identifier)) {
      progress.status = Status::failed;
      progress.errorCode = "AlreadyExists";
      return request;
    }
  }
  if (call.operation == Operation::remove && contents[call.identifier] > 0) {
    progress.status = Status::failed;
    progress.errorCode = "BucketNotEmpty";
    progress.message = "the bucket you tried to delete is not empty";
  } else if (call.operation == Operation::remove) {
    resources.erase(call.identifier);
  } else {
    props["$type"] = call.type;
    resources[progress.identifier] = {progress.identifier, props};
  }
  return request;
}

Task<Progress> FakeCloud::submit(Call call) {
  if (requestsLeft && (*requestsLeft)-- <= 0) {
    if (*requestsLeft == -1 && lastIsDone) byClientToken_.emplace(call.clientToken, perform(call));
    throw Error(ErrorCode::interrupted, "the connection broke");
  }
  if (loseNextAnswer && !*loseNextAnswer) {
    loseNextAnswer.reset();
    throw Error(ErrorCode::interrupted, "the connection broke");
  }
  auto known = byClientToken_.find(call.clientToken);
  if (known == byClientToken_.end()) known = byClientToken_.emplace(call.clientToken, perform(call)).first;
  if (known->second.body != call.body) throw Error(ErrorCode::provider, "ClientTokenConflictException");
  if (loseNextAnswer) {
    loseNextAnswer.reset();
    throw Error(ErrorCode::interrupted, "the connection broke");
  }
  auto progress = known->second.progress;
  progress.status = Status::pending;
  co_return progress;
}

Task<Progress> FakeCloud::status(std::string requestToken) {
  for (const auto& [token, request] : byClientToken_)
    if (request.progress.requestToken == requestToken) {
      auto progress = request.progress;
      if (loop_.tick() < request.ready) progress.status = Status::pending;
      co_return progress;
    }
  throw Error(ErrorCode::notFound, "no such request");
}

Task<Progress> FakeCloud::wait(Progress progress, std::chrono::steady_clock::time_point deadline) {
  while (progress.status == Status::pending) {
    if (loop_.tick() + latency > deadline) throw Error(ErrorCode::interrupted, "it took too long");
    co_await sleepFor(loop_, latency);
    progress = co_await status(progress.requestToken);
  }
  co_return progress;
}

Task<std::optional<provider::Live>> FakeCloud::read(std::string type, std::string identifier) {
  co_await sleepFor(loop_, std::chrono::milliseconds(1));
  if (unreachable || deaf) throw Error(ErrorCode::unreachable, silence);
  if (const auto bad = unreadable.find(type); bad != unreadable.end())
    throw Error(ErrorCode::provider, bad->second);
  const auto found = resources.find(identifier);
  if (found == resources.end()) co_return std::nullopt;
  auto live = found->second;
  live.properties.erase("$type");
  co_return live;
}

Task<std::vector<provider::Live>> FakeCloud::list(std::string type, Json) {
  std::vector<provider::Live> out;
  for (const auto& [id, live] : resources)
    if (live.properties.value("$type", "") == type) out.push_back(live);
  co_return out;
}

/// Each thing that it holds takes as long as an operation.
Task<> FakeCloud::empty(std::string, std::string identifier, std::chrono::steady_clock::time_point deadline) {
  log.push_back("empty " + identifier);
  if (failing.contains("empty"))
    throw Error(ErrorCode::provider, "1 object of the bucket " + identifier + " could not be deleted");
  for (auto& left = contents[identifier]; left > 0; --left) {
    if (loop_.tick() >= deadline) throw Error(ErrorCode::provider, identifier + " was not emptied in time");
    co_await sleepFor(loop_, latency);
  }
}

Task<std::vector<Progress>> FakeCloud::requests(std::chrono::system_clock::time_point) {
  std::vector<Progress> out;
  for (const auto& [token, request] : byClientToken_) out.push_back(request.progress);
  co_return out;
}

}  // namespace athanor::test
