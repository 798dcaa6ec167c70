#include "provider/cloudcontrol/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "provider/fake_http.h"

namespace athanor::provider::cloudcontrol {
namespace {

using test::answer;
using test::exception;
using test::failureOf;
using test::Surroundings;
using testing::HasSubstr;

const ClientOptions options{
    .endpoint = "https://cc.example/", .region = "eu-west-1", .account = "123456789012"};
constexpr auto tokenText = "0f1e2d3c-aaaa-bbbb-cccc-0123456789ab";

Json event(const std::string& status) {
  return test::event(status, {{"RequestToken", tokenText}, {"EventTime", 1800000000.25}});
}

TEST(CloudControlClient, SendsTheBodyExactlyAsGivenWithTargetTypeAndSignature) {
  Surroundings world([](const auto&) { return answer(event("IN_PROGRESS")); });
  Client client(world.parts(), options);
  const std::string body = R"({ "TypeName" :"AWS::IVS::Channel","ClientToken":"t",  "DesiredState":"{}"})";
  const auto progress = runTask(world.loop, client.createResource(body));
  const auto& sent = world.http.requests.at(0);
  EXPECT_EQ(sent.body, body);
  EXPECT_EQ(sent.url, "https://cc.example/");
  EXPECT_EQ(aws::header(sent.headers, "x-amz-target"), "CloudApiService.CreateResource");
  EXPECT_EQ(aws::header(sent.headers, "content-type"), "application/x-amz-json-1.0");
  EXPECT_THAT(aws::header(sent.headers, "authorization"),
              HasSubstr("/eu-west-1/cloudcontrolapi/aws4_request"));
  EXPECT_EQ(progress.status, Status::pending);
  EXPECT_EQ(progress.requestToken, tokenText);
  EXPECT_EQ(progress.identifier, "arn:1");
}

TEST(CloudControlClient, ReadsEveryStatusTheServiceHas) {
  std::string status;
  Surroundings world([&](const auto&) { return answer(event(status)); });
  Client client(world.parts(), options);
  auto read = [&](const char* text) {
    status = text;
    return runTask(world.loop, client.requestStatus(tokenText)).status;
  };
  EXPECT_EQ(read("PENDING"), Status::pending);
  EXPECT_EQ(read("IN_PROGRESS"), Status::pending);
  EXPECT_EQ(read("CANCEL_IN_PROGRESS"), Status::pending);
  EXPECT_EQ(read("SUCCESS"), Status::succeeded);
  EXPECT_EQ(read("FAILED"), Status::failed);
  EXPECT_EQ(read("CANCEL_COMPLETE"), Status::cancelled);
}

TEST(CloudControlClient, ReadsRetryAfterAsSecondsTimestampOrText) {
  Json retryAfter;
  Surroundings world([&](const auto&) {
    auto body = event("IN_PROGRESS");
    body["ProgressEvent"]["RetryAfter"] = retryAfter;
    return answer(body);
  });
  Client client(world.parts(), options);
  auto delay = [&](Json value) {
    retryAfter = std::move(value);
    const auto progress = runTask(world.loop, client.requestStatus(tokenText));
    return std::chrono::round<std::chrono::milliseconds>(*progress.retryAfter - world.loop.now()).count();
  };
  const auto base = world.loop.wall;                                // 1 800 000 000 s
  auto elapsed = [&] { return world.loop.elapsed().count() + 1; };  // the answer takes 1 ms
  EXPECT_EQ(delay(5), 5000);
  EXPECT_EQ(delay(0.5), 500);
  EXPECT_EQ(delay("2"), 2000);
  auto passed = elapsed();
  EXPECT_EQ(delay(1800000010.5), 10500 - passed);
  passed = elapsed();
  EXPECT_EQ(delay("2027-01-15T08:00:10Z"), 10000 - passed) << base.time_since_epoch().count();
}

TEST(CloudControlClient, WaitsThrottlesOutAndSlowsDown) {
  int calls = 0;
  Surroundings world([&](const auto&) {
    return ++calls < 6 ? exception("ThrottlingException", "Rate exceeded") : answer(event("SUCCESS"));
  });
  Client client(world.parts(), options);
  EXPECT_EQ(runTask(world.loop, client.createResource("{}")).status, Status::succeeded);
  EXPECT_EQ(calls, 6);
  EXPECT_GT(world.loop.elapsed().count(), 1000);
}

TEST(CloudControlClient, GivesThrottlesUpAfterItsPatience) {
  Surroundings world([&](const auto&) { return exception("ThrottlingException", "Rate exceeded"); });
  Client client(world.parts(), options);
  const auto error =
      failureOf<ServiceError>([&] { (void)runTask(world.loop, client.getResource("A::B::C", "x")); });
  EXPECT_EQ(error.code(), ErrorCode::throttled);
  EXPECT_GE(world.loop.elapsed(), options.throttlePatience);
  EXPECT_LT(world.http.requests.size(), 600U);
}

TEST(CloudControlClient, SendsAMutatingRequestAgainWithTheSameBodyWhereTheAnswerWasLost) {
  int calls = 0;
  Surroundings world([&](const auto&) {
    if (++calls == 1) throw aws::Unreachable("the connection broke", true);
    if (calls == 2) return exception("ServiceInternalErrorException", "oops", 500);
    return answer(event("IN_PROGRESS"));
  });
  Client client(world.parts(), options);
  (void)runTask(world.loop, client.updateResource(R"({"ClientToken":"t1"})"));
  ASSERT_EQ(calls, 3);
  for (const auto& request : world.http.requests) EXPECT_EQ(request.body, R"({"ClientToken":"t1"})");
}

TEST(CloudControlClient, SaysInterruptedWhereAMutatingRequestMayHaveArrived) {
  int calls = 0;
  Surroundings world(
      [&](const auto&) -> aws::HttpResponse { throw aws::Unreachable("no answer", ++calls == 1); });
  Client client(world.parts(), options);
  const auto error = failureOf([&] { (void)runTask(world.loop, client.deleteResource("{}")); });
  EXPECT_EQ(error.code(), ErrorCode::interrupted);
  EXPECT_FALSE(error.hint().empty());
  EXPECT_GT(calls, 5);
  EXPECT_LE(world.loop.elapsed(), options.patience);
}

TEST(CloudControlClient, GivesAnEndpointThatNeverAnsweredThreeAttempts) {
  Surroundings world(
      [&](const auto&) -> aws::HttpResponse { throw aws::Unreachable("nobody listens", false); });
  Client client(world.parts(), options);
  const auto error = failureOf([&] { (void)runTask(world.loop, client.createResource("{}")); });
  EXPECT_EQ(error.code(), ErrorCode::unreachable);
  EXPECT_EQ(world.http.requests.size(), 3U);
  EXPECT_LT(world.loop.elapsed().count(), 1000);
}

TEST(CloudControlClient, KnowsTheExceptionItsWordsAndTheRequestItConflictsWith) {
  Surroundings world([&](const auto&) {
    return exception("ConcurrentOperationException",
                     std::string("There is already an operation on it with RequestToken ") + tokenText + ".");
  });
  Client client(world.parts(), options);
  const auto error = failureOf<ServiceError>([&] { (void)runTask(world.loop, client.updateResource("{}")); });
  EXPECT_EQ(error.fault(), Fault::conflict);
  EXPECT_EQ(error.exception(), "ConcurrentOperation");
  EXPECT_EQ(error.otherRequest(), tokenText);
  EXPECT_EQ(world.http.requests.size(), 1U);
}

TEST(CloudControlClient, DoesNotRepeatWhatIsFinal) {
  for (const char* name :
       {"ValidationException", "NotUpdatableException", "AccessDeniedException", "TypeNotFoundException",
        "HandlerFailureException", "ClientTokenConflictException", "UnsupportedActionException"}) {
    Surroundings world([&](const auto&) { return exception(name, "no", 400); });
    Client client(world.parts(), options);
    const auto error =
        failureOf<ServiceError>([&] { (void)runTask(world.loop, client.createResource("{}")); });
    EXPECT_EQ(error.fault(), Fault::final) << name;
    EXPECT_EQ(world.http.requests.size(), 1U) << name;
    EXPECT_THAT(error.what(), HasSubstr(name));
  }
}

TEST(CloudControlClient, LooksForCredentialsAgainOnceWhereTheyHaveExpired) {
  struct Source final : aws::CredentialSource {
    Task<aws::Credentials> get() override { co_return aws::Credentials{.key = {"AKID", "s", ""}}; }
    void reject() override { ++rejected; }
    int rejected = 0;
  } source;
  int calls = 0;
  Surroundings world([&](const auto&) {
    return ++calls < 2 ? exception("ExpiredTokenException", "expired", 403) : answer(event("SUCCESS"));
  });
  Client client({world.loop, world.http, source, world.governor, world.random}, options);
  EXPECT_EQ(runTask(world.loop, client.requestStatus("t")).status, Status::succeeded);
  EXPECT_EQ(source.rejected, 1);
  calls = -10;
  const auto error = failureOf<ServiceError>([&] { (void)runTask(world.loop, client.requestStatus("t")); });
  EXPECT_EQ(error.code(), ErrorCode::credentials);
}

TEST(CloudControlClient, SignsWithTheServicesClockWhereOursIsWrong) {
  int calls = 0;
  Surroundings world([&](const auto&) {
    auto out = ++calls < 2 ? exception("InvalidSignatureException",
                                       "Signature expired: 20270115T080000Z is now earlier than …", 403)
                           : answer(event("SUCCESS"));
    out.headers.emplace_back("Date", "Fri, 15 Jan 2027 10:00:00 GMT");
    return out;
  });
  Client client(world.parts(), options);
  (void)runTask(world.loop, client.requestStatus("t"));
  EXPECT_EQ(aws::header(world.http.requests.at(0).headers, "x-amz-date"), "20270115T080000Z");
  EXPECT_EQ(aws::header(world.http.requests.at(1).headers, "x-amz-date"), "20270115T100000Z");
}

TEST(CloudControlClient, AnswersThatAreNoJsonAreErrorsThatNameTheEndpoint) {
  for (const char* body : {"<html>login</html>", "[]", "", "{\"ResourceDescription\":"}) {
    Surroundings world([&](const auto&) { return aws::HttpResponse{.status = 200, .body = body}; });
    Client client(world.parts(), options);
    const auto error = failureOf([&] { (void)runTask(world.loop, client.getResource("A::B::C", "x")); });
    EXPECT_EQ(error.code(), ErrorCode::provider);
    EXPECT_THAT(error.what(), HasSubstr("cc.example"));
  }
}

}  // namespace
}  // namespace athanor::provider::cloudcontrol
