// How operations are accepted, run, end, and are told about.
#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <span>

#include "base/hex.h"
#include "local/cloudcontrol/cloud_control.h"

namespace athanor::local::cloudcontrol {

namespace {

using std::chrono::hours;
constexpr auto clientTokenLife = hours(36);
constexpr auto memory = hours(24 * 7);

/// What a ClientToken stands for: the request without the token itself.
std::string fingerprint(Verb verb, Json body) {
  body.erase("ClientToken");
  const auto text = fmt::format("{} {}", name(verb), body.dump());
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

double epochSeconds(Time time) { return static_cast<double>(milliseconds(time)) / 1000.0; }

}  // namespace

Json CloudControl::progress(const Operation& operation) const {
  const auto time = now();
  const auto status = statusName(operation, time);
  Json out = {{"TypeName", operation.resource.type},
              {"RequestToken", operation.token},
              {"Operation", name(operation.verb)},
              {"OperationStatus", status},
              {"EventTime", epochSeconds(operation.event)}};
  const bool identified = operation.named || status != "PENDING";
  if (identified && !operation.resource.identifier.empty()) out["Identifier"] = operation.resource.identifier;
  if (!operation.model.empty()) out["ResourceModel"] = operation.model;
  if (operation.active()) {
    if (operation.due < never) out["RetryAfter"] = epochSeconds(operation.due);
    return out;
  }
  if (!operation.errorCode.empty()) out["ErrorCode"] = operation.errorCode;
  if (!operation.message.empty()) out["StatusMessage"] = operation.message;
  return out;
}

std::optional<Json> CloudControl::replay(const Caller& caller, Verb verb, const Input& input) {
  const auto token = stringAt(input.body(), "ClientToken");
  if (token.empty()) return {};
  const auto earlier = operations_.byClientToken(caller, token, now() - clientTokenLife);
  if (!earlier) return {};
  if (earlier->bodyHash != fingerprint(verb, input.body()))
    throw apiError(
        "ClientTokenConflictException",
        fmt::format("ClientToken {} is already associated with an existing operation with RequestToken {}",
                    token, earlier->token));
  return Json{{"ProgressEvent", progress(*earlier)}};
}

void CloudControl::refuseConcurrent(const ResourceKey& resource) {
  if (const auto other = operations_.activeOn(resource))
    throw apiError(
        "ConcurrentOperationException",
        fmt::format("Another {} operation is in progress for resource '{}' of type '{}': RequestToken {}",
                    name(other->verb), resource.identifier, resource.type, other->token));
}

Operation CloudControl::accepted(const ResourceKey& resource, Verb verb, const Input& input) const {
  Operation out;
  out.token = uuid(settings_.sources);
  out.resource = resource;
  out.verb = verb;
  out.accepted = out.event = now();
  out.started = out.accepted + settings_.latency / 10;
  out.due = out.accepted + settings_.latency;
  out.clientToken = stringAt(input.body(), "ClientToken");
  if (!out.clientToken.empty()) out.bodyHash = fingerprint(verb, input.body());
  return out;
}

bool CloudControl::meetFate(const ResourceKey& resource, Operation& operation) {
  if (!settings_.fate) return false;
  auto fate = settings_.fate(resource, operation.verb);
  const auto latency = fate.latency.value_or(settings_.latency);
  operation.started = operation.accepted + latency / 10;
  operation.due = fate.stuck ? never : operation.accepted + latency;
  operation.errorCode = std::move(fate.errorCode);
  operation.message = std::move(fate.message);
  if (fate.stale.count() > 0) stale_.keep(resource, shown(resource), operation.due + fate.stale);
  return fate.halfway && operation.verb == Verb::create;
}

std::optional<StoredResource> CloudControl::shown(const ResourceKey& key) {
  return stale_.shown(key, inventory_.find(key), now());
}

Json CloudControl::begin(Operation operation) {
  if (operation.due <= operation.accepted)
    end(operation);
  else
    nextDue_ = std::min(nextDue_.value_or(operation.due), operation.due);
  operations_.add(operation);
  return progress(operation);
}

void CloudControl::settle() {
  while (nextDue_ && *nextDue_ <= now()) {
    for (auto& operation : operations_.due(now())) {
      end(operation);
      operations_.update(operation);
    }
    nextDue_ = operations_.nextDue();
  }
}

void CloudControl::end(Operation& operation) {
  const bool cancelled = operation.status == Status::cancelling;
  operation.event = operation.due;
  const auto* type = catalogue_.find(operation.resource.type);
  try {
    if (!type) throw HandlerFailure("InternalFailure", "The catalogue no longer has this type.");
    if (!operation.errorCode.empty()) {
      if (operation.verb == Verb::create && !operation.next.empty())
        inventory_.keep(*type, operation.resource, Json::parse(operation.next));
      throw HandlerFailure(operation.errorCode, operation.message);
    }
    // A cancelled create goes on in the resource's service; only nobody waits for it any more.
    if (!cancelled || operation.verb == Verb::create) carryOut(*type, operation);
    operation.status = cancelled ? Status::cancelled : Status::success;
  } catch (const HandlerFailure& failure) {
    operation.status = cancelled ? Status::cancelled : Status::failed;
    operation.errorCode = cancelled ? "" : failure.code();
    operation.message = cancelled ? "" : failure.what();
  }
  operation.next.clear();
}

void CloudControl::carryOut(const schema::Type& type, Operation& operation) {
  Attempt attempt(database_);
  switch (operation.verb) {
    case Verb::create:
      inventory_.settle(type, operation.resource);
      break;
    case Verb::update:
      inventory_.update(type, operation.resource, Json::parse(operation.next));
      break;
    case Verb::remove:
      inventory_.remove(type, operation.resource);
      break;
  }
  attempt.keep();
  if (const auto found = operation.verb == Verb::remove ? std::nullopt : inventory_.find(operation.resource))
    operation.model = found->visible;
}

Operation CloudControl::requested(const Caller& caller, const std::string& token) {
  auto found = operations_.byToken(caller, token);
  if (!found || found->accepted <= now() - memory)
    throw apiError("RequestTokenNotFoundException",
                   fmt::format("Request with token {} was not found.", token));
  return *std::move(found);
}

Json CloudControl::status(const Caller& caller, Input& input) {
  const auto token = input.required("RequestToken", form::requestToken);
  input.check();
  return {{"ProgressEvent", progress(requested(caller, token))}};
}

Json CloudControl::cancel(const Caller& caller, Input& input) {
  const auto token = input.required("RequestToken", form::requestToken);
  input.check();
  auto operation = requested(caller, token);
  if (operation.status == Status::inProgress) {
    const bool begun = now() >= operation.started;
    const bool made = operation.errorCode.empty() || !operation.next.empty();
    if (!begun && operation.verb == Verb::create && made)
      if (const auto found = inventory_.resources().find(operation.resource))
        inventory_.resources().erase(found->sequence);
    operation.status = Status::cancelling;
    operation.event = now();
    operation.due = now() + settings_.latency / 10;
    nextDue_ = std::min(nextDue_.value_or(operation.due), operation.due);
    operations_.update(operation);
  } else if (operation.status != Status::cancelling) {
    throw ApiError("com.amazon.cloudapiservice#ConcurrentModificationException",
                   fmt::format("Request {} is {} and cannot be canceled: only PENDING or IN_PROGRESS can.",
                               token, statusName(operation, now())),
                   500);
  }
  return {{"ProgressEvent", progress(operation)}};
}

Json CloudControl::requests(const Caller& caller, Input& input) {
  constexpr int usual = 20;
  constexpr int mostPerPage = 100;
  constexpr std::string_view filter = "ResourceRequestStatusFilter";
  const auto most = static_cast<std::size_t>(input.integer("MaxResults", 1, mostPerPage, usual));
  const auto nextToken = input.optional("NextToken", form::nextToken);
  const auto verbs = input.words(filter, "Operations", {"CREATE", "DELETE", "UPDATE"});
  const auto statuses =
      input.words(filter, "OperationStatuses",
                  {"PENDING", "IN_PROGRESS", "SUCCESS", "FAILED", "CANCEL_IN_PROGRESS", "CANCEL_COMPLETE"});
  input.check();
  const auto among = [](const std::vector<std::string>& wanted, std::string_view one) {
    return wanted.empty() || std::ranges::find(wanted, one) != wanted.end();
  };
  Json found = Json::array();
  auto before = pageFrom(nextToken, std::numeric_limits<std::int64_t>::max());
  for (bool more = true; more;) {
    const auto page = operations_.recent(caller, now() - memory, before, mostPerPage + 1);
    more = page.size() > mostPerPage;
    for (const auto& one : page) {
      if (among(verbs, name(one.verb)) && among(statuses, statusName(one, now()))) {
        if (found.size() == most)
          return {{"ResourceRequestStatusSummaries", found}, {"NextToken", std::to_string(before)}};
        found.push_back(progress(one));
      }
      before = one.sequence;
    }
  }
  return {{"ResourceRequestStatusSummaries", found}};
}

void CloudControl::forgetOld() {
  if (now() - forgotten_ < std::chrono::minutes(1)) return;
  forgotten_ = now();
  operations_.forget(forgotten_ - memory);
}

}  // namespace athanor::local::cloudcontrol
