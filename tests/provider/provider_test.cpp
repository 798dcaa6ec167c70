#include "provider/cloudcontrol/provider.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "provider/fake_http.h"

namespace athanor::provider::cloudcontrol {
namespace {

using std::chrono::milliseconds;
using test::answer;
using test::event;
using test::exception;
using test::failureOf;
using test::operationOf;
using test::Surroundings;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr auto type = "AWS::IVS::RecordingConfiguration";
constexpr auto other = "0f1e2d3c-aaaa-bbbb-cccc-0123456789ab";

struct Service : Surroundings {
  explicit Service(test::FakeHttp::Script script, ProviderOptions options = {})
      : Surroundings([this, script = std::move(script)](const aws::HttpRequest& request) {
          operations.push_back(operationOf(request));
          return script(request);
        }),
        provider(parts(), {.endpoint = "https://cc.example/", .region = "eu-west-1", .account = "1"},
                 catalogue, {"aws", "123456789012", "eu-west-1", "https://cc.example/"}, options) {}

  Progress submit(Call call) { return runTask(loop, provider.submit(std::move(call))); }
  Progress wait(Progress progress, milliseconds most = std::chrono::hours(1)) {
    return runTask(loop, provider.wait(std::move(progress), loop.tick() + most));
  }

  schema::Catalogue catalogue;
  std::vector<std::string> operations;
  CloudControlProvider provider;
};

Progress pending() {
  Progress out;
  out.requestToken = "req-1";
  return out;
}

TEST(CloudControlProvider, CreatesWithTypeTokenAndDesiredStateAsText) {
  Service service([](const auto&) { return answer(event("SUCCESS")); });
  const auto call = service.provider.createCall(type, {{"Name", "n"}}, "token-1");
  EXPECT_EQ(Json::parse(call.body),
            (Json{{"TypeName", type}, {"ClientToken", "token-1"}, {"DesiredState", R"({"Name":"n"})"}}));
  EXPECT_EQ(call.clientToken, "token-1");
  const auto progress = service.submit(call);
  EXPECT_EQ(progress.status, Status::succeeded);
  EXPECT_EQ(progress.identifier, "arn:1");
  EXPECT_EQ(service.http.requests.at(0).body, call.body);
}

TEST(CloudControlProvider, UpdatesWithAPatchFromTheLiveStateAndNotAtAllWhereNothingDiffers) {
  Service service([](const auto&) { return answer(event("SUCCESS", {{"Operation", "UPDATE"}})); });
  const Json live = {{"RecordingReconnectWindowSeconds", 0},
                     {"Tags", Json::array({{{"Key", "a"}, {"Value", "1"}}})}};
  const Json before = {{"Tags", Json::array({{{"Key", "a"}, {"Value", "1"}}})}};
  const Json desired = {{"Tags", Json::array({{{"Key", "a"}, {"Value", "2"}}})}};
  const auto call = service.provider.updateCall(type, "arn:1", live, before, desired, "t");
  ASSERT_TRUE(call);
  const auto body = Json::parse(call->body);
  EXPECT_EQ(body.at("Identifier"), "arn:1");
  EXPECT_EQ(Json::parse(body.at("PatchDocument").get<std::string>()),
            Json::parse(R"([{"op":"replace","path":"/Tags","value":[{"Key":"a","Value":"2"}]}])"));
  EXPECT_FALSE(service.provider.updateCall(type, "arn:1", live, before, before, "t"));
}

TEST(CloudControlProvider, AsksAgainExactlyWhenTheServiceSays) {
  std::vector<milliseconds> asked;
  Service* world = nullptr;
  Service service([&](const auto& request) {
    if (operationOf(request) == "CreateResource")
      return answer(event("IN_PROGRESS", {{"RetryAfter", 1800000000.75}}));
    asked.push_back(world->loop.elapsed());
    return answer(asked.size() < 2 ? event("IN_PROGRESS", {{"RetryAfter", 1800000002.5}}) : event("SUCCESS"));
  });
  world = &service;
  const auto done = service.wait(service.submit(service.provider.createCall(type, {}, "t")));
  EXPECT_EQ(done.status, Status::succeeded);
  EXPECT_THAT(asked, ElementsAre(milliseconds(751), milliseconds(2501)));  // the answer itself takes 1 ms
}

TEST(CloudControlProvider, AsksMoreAndMoreSlowlyWhereTheServiceDoesNotSay) {
  Service service([](const auto&) { return answer(event("IN_PROGRESS")); });
  const auto error = failureOf([&] { service.wait(pending(), std::chrono::minutes(2)); });
  EXPECT_EQ(error.code(), ErrorCode::interrupted);
  EXPECT_THAT(error.what(), HasSubstr("req-1"));
  EXPECT_GT(service.operations.size(), 20U);
  EXPECT_LT(service.operations.size(), 50U);
  EXPECT_GE(service.loop.elapsed(), std::chrono::minutes(2));
  EXPECT_LT(service.loop.elapsed(), std::chrono::minutes(2) + std::chrono::seconds(1));
}

TEST(CloudControlProvider, PollsForManyOperationsTakeNoMoreThanHalfOfWhatAThrottlingServiceAllows) {
  std::size_t throttled = 0;
  Service service([&](const auto&) {
    return throttled++ < 1 ? exception("ThrottlingException", "Rate exceeded") : answer(event("IN_PROGRESS"));
  });
  std::vector<Later<Progress>> running;
  for (int i = 0; i < 64; ++i)
    running.push_back(start(service.provider.wait(pending(), service.loop.tick() + std::chrono::minutes(2))));
  for (auto& one : running)
    EXPECT_EQ(failureOf([&] {
                runTask(service.loop, [](Later<Progress> later) -> Task<> { (void)co_await later; }(one));
              }).code(),
              ErrorCode::interrupted);
  const auto polls = static_cast<double>(service.operations.size());
  EXPECT_GT(polls, 64 * 3);
  EXPECT_LT(polls, service.governor.rate("1/eu-west-1") / 2 * 120 + 64);
}

TEST(CloudControlProvider, GivesAFailureWithTheServicesCodeAndWords) {
  Service service([](const auto&) {
    return answer(event("FAILED", {{"ErrorCode", "AlreadyExists"}, {"StatusMessage", "it is there"}}));
  });
  const auto progress = service.wait(pending());
  EXPECT_EQ(progress.status, Status::failed);
  EXPECT_EQ(progress.errorCode, "AlreadyExists");
  EXPECT_EQ(progress.message, "it is there");
}

TEST(CloudControlProvider, DeletingWhatIsGoneIsSuccessHoweverTheServiceSaysSo) {
  Service now([](const auto&) { return exception("ResourceNotFoundException", "no such thing"); });
  EXPECT_EQ(now.submit(now.provider.deleteCall(type, "arn:1", "t")).status, Status::succeeded);
  Service later([](const auto&) {
    return answer(event("FAILED", {{"Operation", "DELETE"}, {"ErrorCode", "NotFound"}}));
  });
  EXPECT_EQ(later.submit(later.provider.deleteCall(type, "arn:1", "t")).status, Status::succeeded);
  Service create([](const auto&) { return answer(event("FAILED", {{"ErrorCode", "NotFound"}})); });
  EXPECT_EQ(create.submit(create.provider.createCall(type, {}, "t")).status, Status::failed);
}

TEST(CloudControlProvider, TellsARefusalInTheServicesOwnWords) {
  Service service([](const auto&) {
    return exception("NotUpdatableException",
                     "Invalid patch update: createOnlyProperties [/properties/Name] cannot be updated");
  });
  const auto error = failureOf([&] { service.submit({Operation::update, type, "arn:1", {}, "t", "{}"}); });
  EXPECT_EQ(error.code(), ErrorCode::provider);
  EXPECT_STREQ(error.what(),
               "AWS refused to update AWS::IVS::RecordingConfiguration arn:1: Invalid patch update: "
               "createOnlyProperties "
               "[/properties/Name] cannot be updated (NotUpdatableException)");
  EXPECT_FALSE(error.hint().empty());
}

TEST(CloudControlProvider, WaitsForTheOperationThatHoldsTheResourceAndThenSendsTheSameAgain) {
  int refusals = 0;
  Service service([&](const auto& request) {
    if (operationOf(request) == "GetResourceRequestStatus") {
      EXPECT_EQ(Json::parse(request.body).at("RequestToken"), other);
      return answer(event("SUCCESS", {{"Operation", "UPDATE"}}));
    }
    return ++refusals == 1 ? exception("ConcurrentOperationException", std::string("… RequestToken ") + other)
                           : answer(event("IN_PROGRESS", {{"Operation", "UPDATE"}}));
  });
  (void)service.submit({Operation::update, type, "arn:1", {}, "t", R"({"ClientToken":"t"})"});
  EXPECT_THAT(service.operations,
              ElementsAre("UpdateResource", "GetResourceRequestStatus", "UpdateResource"));
  EXPECT_EQ(service.http.requests.front().body, service.http.requests.back().body);
}

TEST(CloudControlProvider, ReadsWhatIsThereAndNothingWhereThereIsNone) {
  Service service([](const aws::HttpRequest& request) {
    if (Json::parse(request.body).at("Identifier") != "arn:1")
      return exception("ResourceNotFoundException", "no");
    return answer({{"TypeName", type},
                   {"ResourceDescription", {{"Identifier", "arn:1"}, {"Properties", R"({"Name":"n"})"}}}});
  });
  const auto live = runTask(service.loop, service.provider.read(type, "arn:1"));
  ASSERT_TRUE(live);
  EXPECT_EQ(live->properties, (Json{{"Name", "n"}}));
  EXPECT_FALSE(runTask(service.loop, service.provider.read(type, "arn:2")));
  EXPECT_EQ(service.operations.size(), 2U);
}

TEST(CloudControlProvider, ReadsAgainWhereWhatItJustMadeIsNotKnownYet) {
  int reads = 0;
  Service service([&](const aws::HttpRequest& request) {
    if (operationOf(request) == "CreateResource") return answer(event("SUCCESS"));
    if (++reads < 4) return exception("ResourceNotFoundException", "no");
    return answer({{"ResourceDescription", {{"Identifier", "arn:1"}, {"Properties", "{}"}}}});
  });
  (void)service.submit(service.provider.createCall(type, {}, "t"));
  EXPECT_TRUE(runTask(service.loop, service.provider.read(type, "arn:1")));
  EXPECT_EQ(reads, 4);
}

TEST(CloudControlProvider, ListsAllPages) {
  Service service([](const aws::HttpRequest& request) {
    const auto next = stringAt(Json::parse(request.body), "NextToken");
    Json page = {{"ResourceDescriptions", Json::array({{{"Identifier", "a" + next}, {"Properties", "{}"}}})}};
    if (next != "2") page["NextToken"] = next.empty() ? "1" : "2";
    return answer(page);
  });
  const auto all = runTask(service.loop, service.provider.list(type, nullptr));
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all.back().identifier, "a2");
}

TEST(CloudControlProvider, GivesRequestsNewestFirstAsFarBackAsAsked) {
  Service service([](const aws::HttpRequest& request) {
    Json rows = Json::array();
    const bool first = stringAt(Json::parse(request.body), "NextToken").empty();
    for (double time : first ? std::vector{1700.0, 1900.0} : std::vector{1000.0, 900.0})
      rows.push_back({{"RequestToken", std::to_string(time)},
                      {"OperationStatus", "SUCCESS"},
                      {"EventTime", 1.8e9 + time}});
    return answer({{"ResourceRequestStatusSummaries", rows}, {"NextToken", "more"}});
  });
  const auto all = runTask(
      service.loop,
      service.provider.requests(std::chrono::system_clock::time_point(std::chrono::seconds(1'800'001'500))));
  ASSERT_EQ(all.size(), 2U);
  EXPECT_GT(all[0].eventTime, all[1].eventTime);
  EXPECT_EQ(service.operations.size(), 2U);
}

TEST(CloudControlProvider, AForgottenRequestIsNotFound) {
  Service service([](const auto&) { return exception("RequestTokenNotFoundException", "unknown"); });
  EXPECT_EQ(failureOf([&] { (void)runTask(service.loop, service.provider.status("x")); }).code(),
            ErrorCode::notFound);
}

}  // namespace
}  // namespace athanor::provider::cloudcontrol
