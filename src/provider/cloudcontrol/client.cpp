#include "provider/cloudcontrol/client.h"

#include <fmt/format.h>

#include "aws/time.h"
#include "provider/cloudcontrol/progress.h"

namespace athanor::provider::cloudcontrol {

using std::chrono::milliseconds;

/// What happened to one request so far.
struct Client::Attempts {
  std::chrono::steady_clock::time_point begun;
  int failed = 0;
  int refreshed = 0;            ///< times that new credentials or another clock were tried
  bool mayHaveArrived = false;  ///< of a mutating request
};

namespace {

Error interrupted(const std::string& operation, const Error& cause) {
  return Error(ErrorCode::interrupted,
               fmt::format("{} may or may not have arrived: {}", operation, cause.what()))
      .next("Run the command again: it finds out what became of the request before it does anything else.");
}

Json parseAnswer(const std::string& body, const std::string& endpoint, const std::string& operation) {
  auto answer = parseJson(body, fmt::format("the answer of {} to {}", endpoint, operation));
  if (!answer.is_object())
    throw Error(ErrorCode::provider,
                fmt::format("the answer of {} to {} is no JSON object", endpoint, operation))
        .next("Check that the endpoint speaks AWS Cloud Control.");
  return answer;
}

Live liveFrom(const Json& description) {
  Live out{stringAt(description, "Identifier"), Json::object()};
  if (const auto text = stringAt(description, "Properties"); !text.empty())
    out.properties = parseJson(text, "what AWS says of " + out.identifier);
  return out;
}

}  // namespace

aws::HttpRequest Client::request(const std::string& operation, const std::string& body,
                                 const aws::Credentials& keys) {
  aws::HttpRequest out;
  out.method = "POST";
  out.url = options_.endpoint;
  out.headers = {{"Content-Type", "application/x-amz-json-1.0"},
                 {"X-Amz-Target", "CloudApiService." + operation}};
  out.body = body;
  aws::sigv4::sign(out, keys.key, {options_.region, "cloudcontrolapi"}, parts_.loop.now() + ahead_);
  out.headers.emplace_back("User-Agent", "athanor");
  return out;
}

/// Date has whole seconds and took a while to come: only more than that is another clock.
void Client::learnTime(const aws::HttpResponse& response) {
  const auto date = aws::parseHttpDate(aws::header(response.headers, "date"));
  if (!date) return;
  const auto ahead = std::chrono::duration_cast<milliseconds>(*date - parts_.loop.now());
  ahead_ = std::chrono::abs(ahead) > std::chrono::seconds(5) ? ahead : milliseconds(0);
}

/// Waits before the next attempt, longer each time (full jitter); false where patience is at its end. An
/// endpoint that never answered is likelier wrong than down: it gets three attempts.
Task<bool> Client::backOff(Attempts* attempts, milliseconds patience) {
  const auto most = std::min<double>(5000, 100.0 * static_cast<double>(1U << std::min(attempts->failed, 10)));
  const auto pause = milliseconds(1 + static_cast<long>(most * parts_.random()));
  ++attempts->failed;
  const bool stranger = !answered_ && attempts->failed >= 3 && !attempts->mayHaveArrived;
  if (stranger || parts_.loop.tick() - attempts->begun + pause > patience) co_return false;
  co_await sleepFor(parts_.loop, pause);
  co_return true;
}

Task<Json> Client::call(std::string operation, std::string body, bool mutating) {
  Attempts attempts{.begun = parts_.loop.tick()};
  for (;;) {
    const auto keys = co_await parts_.credentials.get();
    const auto ticket = co_await parts_.governor.admit(quota());
    std::optional<aws::HttpResponse> response;
    std::optional<aws::Unreachable> silence;
    try {
      response = co_await parts_.http.send(request(operation, body, keys));
    } catch (const aws::Unreachable& error) {
      silence = error;
    }
    if (silence) {
      attempts.mayHaveArrived |= mutating && silence->maybeSent();
      if (co_await backOff(&attempts, options_.patience)) continue;
      if (attempts.mayHaveArrived) throw interrupted(operation, *silence);
      throw *silence;
    }
    answered_ = true;
    learnTime(*response);
    if (response->status == 200) {
      parts_.governor.answered(ticket);
      co_return parseAnswer(response->body, options_.endpoint, operation);
    }
    const ServiceError error(operation, *response);
    if (error.fault() == Fault::throttled)
      parts_.governor.throttled(ticket);
    else
      parts_.governor.answered(ticket);
    switch (error.fault()) {
      case Fault::throttled:
        if (parts_.loop.tick() - attempts.begun < options_.throttlePatience) continue;
        break;
      case Fault::transient:
        attempts.mayHaveArrived |= mutating;
        if (co_await backOff(&attempts, options_.patience)) continue;
        break;
      case Fault::expired:
        parts_.credentials.reject();
        [[fallthrough]];
      case Fault::skewed:
        if (attempts.refreshed++ == 0) continue;
        break;
      case Fault::rejected:
        break;
      default:
        throw error;  // the service looked at the request and has decided
    }
    if (attempts.mayHaveArrived) throw interrupted(operation, error);
    throw error;
  }
}

Progress Client::progress(const Json& event) const {
  return progressFrom(event, parts_.loop.now() + ahead_, ahead_);
}

Task<Progress> Client::change(std::string operation, std::string body) {
  const auto answer = co_await call(std::move(operation), std::move(body), true);
  co_return progress(answer.value("ProgressEvent", Json::object()));
}

Task<Progress> Client::createResource(std::string body) { return change("CreateResource", std::move(body)); }
Task<Progress> Client::updateResource(std::string body) { return change("UpdateResource", std::move(body)); }
Task<Progress> Client::deleteResource(std::string body) { return change("DeleteResource", std::move(body)); }

Task<Live> Client::getResource(std::string type, std::string identifier) {
  const Json body = {{"TypeName", type}, {"Identifier", identifier}};
  const auto answer = co_await call("GetResource", body.dump(), false);
  co_return liveFrom(answer.value("ResourceDescription", Json::object()));
}

Task<Progress> Client::requestStatus(std::string requestToken) {
  const Json body = {{"RequestToken", requestToken}};
  const auto answer = co_await call("GetResourceRequestStatus", body.dump(), false);
  co_return progress(answer.value("ProgressEvent", Json::object()));
}

Task<Progress> Client::cancelRequest(std::string requestToken) {
  const Json body = {{"RequestToken", requestToken}};
  return change("CancelResourceRequest", body.dump());
}

Task<Client::Page<Live>> Client::listResources(std::string type, Json resourceModel, std::string next) {
  Json body = {{"TypeName", type}, {"MaxResults", 100}};
  if (!resourceModel.empty()) body["ResourceModel"] = resourceModel.dump();
  if (!next.empty()) body["NextToken"] = next;
  const auto answer = co_await call("ListResources", body.dump(), false);
  Page<Live> out{{}, stringAt(answer, "NextToken")};
  for (const auto& one : answer.value("ResourceDescriptions", Json::array()))
    out.items.push_back(liveFrom(one));
  co_return out;
}

Task<Client::Page<Progress>> Client::listRequests(std::string next) {
  Json body = {{"MaxResults", 100}};
  if (!next.empty()) body["NextToken"] = next;
  const auto answer = co_await call("ListResourceRequests", body.dump(), false);
  Page<Progress> out{{}, stringAt(answer, "NextToken")};
  for (const auto& one : answer.value("ResourceRequestStatusSummaries", Json::array()))
    out.items.push_back(progress(one));
  co_return out;
}

}  // namespace athanor::provider::cloudcontrol
