#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "aws/credentials.h"
#include "aws/governor.h"
#include "aws/http.h"
#include "base/error.h"
#include "base/json.h"
#include "provider/cloudcontrol/client.h"
#include "support/virtual_loop.h"

namespace athanor::test {

/// A service on a virtual clock that answers as a test says.
class FakeHttp final : public aws::HttpClient {
 public:
  using Script = std::function<aws::HttpResponse(const aws::HttpRequest&)>;
  FakeHttp(Loop& loop, Script script) : loop_(loop), script_(std::move(script)) {}

  Task<aws::HttpResponse> send(aws::HttpRequest request) override {
    requests.push_back(request);
    sentAt.push_back(loop_.tick().time_since_epoch());
    co_await sleepFor(loop_, latency);
    co_return script_(request);
  }

  std::vector<aws::HttpRequest> requests;
  std::vector<std::chrono::nanoseconds> sentAt;
  std::chrono::milliseconds latency{1};

 private:
  Loop& loop_;
  Script script_;
};

inline aws::HttpResponse answer(const Json& body) { return {.status = 200, .body = body.dump()}; }
inline aws::HttpResponse exception(const std::string& name, const std::string& words, int status = 400) {
  return {.status = status,
          .body = Json{{"__type", "com.amazon.cloudapiservice#" + name}, {"Message", words}}.dump()};
}
inline std::string operationOf(const aws::HttpRequest& request) {
  const auto target = aws::header(request.headers, "X-Amz-Target");
  return target.substr(target.find('.') + 1);
}

/// The answer about a request, with what a test says beside, or in place of, the usual.
inline Json event(const std::string& status, const Json& more = Json::object()) {
  Json out = {{"TypeName", "AWS::IVS::RecordingConfiguration"},
              {"Operation", "CREATE"},
              {"OperationStatus", status},
              {"RequestToken", "req-1"},
              {"Identifier", "arn:1"}};
  out.update(more);
  return {{"ProgressEvent", out}};
}

/// What `run` fails with.
template <class Failure = Error, class Run>
Failure failureOf(Run run) {
  try {
    run();
  } catch (const Failure& failure) {
    return failure;
  }
  throw std::logic_error("it did not fail");
}

/// A client's surroundings with a virtual clock, fixed keys and no jitter.
struct Surroundings {
  explicit Surroundings(FakeHttp::Script script) : http(loop, std::move(script)) {}
  provider::cloudcontrol::ClientParts parts() { return {loop, http, credentials, governor, random}; }

  VirtualLoop loop;
  FakeHttp http;
  aws::FixedCredentials credentials{{.key = {"AKID", "secret", ""}}};
  aws::Random random = [] { return 0.5; };
  aws::Governor governor{loop, random};
};

}  // namespace athanor::test
