#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixtures.h"

namespace athanor::local::test {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using testing::HasSubstr;

const std::string channel = "AWS::IVS::Channel";
const std::string logGroup = "AWS::Logs::LogGroup";

Json creation(const std::string& type, const Json& model, const std::string& clientToken) {
  return {{"TypeName", type}, {"DesiredState", model.dump()}, {"ClientToken", clientToken}};
}

Json deletion(const std::string& type, const Json& identifier) {
  return {{"TypeName", type}, {"Identifier", identifier}};
}

TEST(Operations, ArePendingThenInProgressThenOver) {
  InProcess cloud(milliseconds(1000));
  auto event = cloud.create(channel, Json::object());
  EXPECT_EQ(event.at("OperationStatus"), "PENDING");
  EXPECT_FALSE(event.contains("Identifier")) << "the service has not begun, so nobody knows its ARN";
  EXPECT_EQ(event.at("RetryAfter"), 1'800'000'001.0) << "the exact end, in epoch seconds";
  EXPECT_EQ(cloud.list(channel).size(), 0);

  cloud.pass(milliseconds(100));
  event = cloud.status(event);
  EXPECT_EQ(event.at("OperationStatus"), "IN_PROGRESS");
  EXPECT_EQ(cloud.list(channel).size(), 1);

  cloud.pass(milliseconds(899));
  EXPECT_EQ(cloud.status(event).at("OperationStatus"), "IN_PROGRESS");
  cloud.pass(milliseconds(1));
  event = cloud.status(event);
  EXPECT_EQ(event.at("OperationStatus"), "SUCCESS");
  EXPECT_EQ(event.at("EventTime"), 1'800'000'001.0);
  EXPECT_FALSE(event.contains("RetryAfter"));
  EXPECT_EQ(Json::parse(event.at("ResourceModel").get<std::string>()).at("Arn"), event.at("Identifier"));
}

TEST(Operations, ShowTheNameThatTheCallerGaveAtOnce) {
  InProcess cloud(milliseconds(1000));
  EXPECT_EQ(cloud.create(logGroup, {{"LogGroupName", "X"}}).at("Identifier"), "X");
}

TEST(Operations, UpdatesAndDeletesTakeEffectWhenTheyEnd) {
  InProcess cloud(milliseconds(1000));
  cloud.create(logGroup, {{"LogGroupName", "X"}});
  cloud.pass(milliseconds(1000));
  cloud.call("UpdateResource", {{"TypeName", logGroup},
                                {"Identifier", "X"},
                                {"PatchDocument", R"([{"op":"add","path":"/RetentionInDays","value":7}])"}});
  EXPECT_FALSE(cloud.read(logGroup, "X").contains("RetentionInDays"));
  cloud.pass(milliseconds(1000));
  EXPECT_EQ(cloud.read(logGroup, "X").at("RetentionInDays"), 7);
  cloud.call("DeleteResource", deletion(logGroup, "X"));
  EXPECT_EQ(cloud.list(logGroup).size(), 1);
  cloud.pass(milliseconds(1000));
  EXPECT_EQ(cloud.list(logGroup).size(), 0);
}

TEST(Operations, AreOneAResource) {
  InProcess cloud(milliseconds(1000));
  const auto first = cloud.create(logGroup, {{"LogGroupName", "X"}});
  const auto token = first.at("RequestToken").get<std::string>();
  const auto refusal = cloud.refusal("DeleteResource", deletion(logGroup, "X"));
  EXPECT_THAT(refusal, HasSubstr("ConcurrentOperationException: "));
  EXPECT_THAT(refusal, HasSubstr("RequestToken " + token));
  EXPECT_THAT(cloud.refusal("CreateResource", creation(logGroup, {{"LogGroupName", "X"}}, "t")),
              HasSubstr("RequestToken " + token));
  EXPECT_EQ(cloud.refusal("CreateResource", creation(logGroup, {{"LogGroupName", "Y"}}, "u")), "");
  cloud.pass(milliseconds(1000));
  EXPECT_EQ(cloud.refusal("DeleteResource", deletion(logGroup, "X")), "");
}

TEST(ClientTokens, MakeARepeatedRequestTheSameOperation) {
  InProcess cloud;
  const auto first = cloud.event("CreateResource", creation(channel, {{"Name", "a"}}, "t"));
  const auto again = cloud.event("CreateResource", creation(channel, {{"Name", "a"}}, "t"));
  EXPECT_EQ(first, again);
  EXPECT_EQ(cloud.list(channel).size(), 1);
}

TEST(ClientTokens, RefuseAnotherRequest) {
  InProcess cloud;
  const auto first = cloud.event("CreateResource", creation(channel, {{"Name", "a"}}, "t"));
  EXPECT_EQ(
      cloud.refusal("CreateResource", creation(channel, {{"Name", "b"}}, "t")),
      "ClientTokenConflictException: ClientToken t is already associated with an existing operation with "
      "RequestToken " +
          first.at("RequestToken").get<std::string>());
  auto other = deletion(channel, first.at("Identifier"));
  other["ClientToken"] = "t";
  EXPECT_THAT(cloud.refusal("DeleteResource", other), HasSubstr("ClientTokenConflictException: "));
}

TEST(ClientTokens, ReplayAFailureToo) {
  InProcess cloud;
  cloud.create(logGroup, {{"LogGroupName", "X"}});
  const auto failed = cloud.event("CreateResource", creation(logGroup, {{"LogGroupName", "X"}}, "t"));
  cloud.call("DeleteResource", deletion(logGroup, "X"));
  EXPECT_EQ(cloud.event("CreateResource", creation(logGroup, {{"LogGroupName", "X"}}, "t")), failed);
  EXPECT_EQ(failed.at("ErrorCode"), "AlreadyExists");
}

TEST(ClientTokens, AreForgottenAfterThirtySixHours) {
  InProcess cloud;
  const auto first = cloud.event("CreateResource", creation(channel, {{"Name", "a"}}, "t"));
  cloud.pass(hours(36) - milliseconds(1));
  EXPECT_EQ(cloud.event("CreateResource", creation(channel, {{"Name", "a"}}, "t")), first);
  cloud.pass(milliseconds(1));
  EXPECT_NE(cloud.event("CreateResource", creation(channel, {{"Name", "a"}}, "t")), first);
  EXPECT_EQ(cloud.list(channel).size(), 2);
}

TEST(Requests, AreForgottenAfterSevenDays) {
  InProcess cloud;
  const auto event = cloud.create(channel, Json::object());
  cloud.pass(hours(24 * 7) - milliseconds(1));
  EXPECT_EQ(cloud.status(event).at("OperationStatus"), "SUCCESS");
  cloud.pass(milliseconds(1));
  const auto token = event.at("RequestToken").get<std::string>();
  EXPECT_EQ(cloud.refusal("GetResourceRequestStatus", {{"RequestToken", token}}),
            "RequestTokenNotFoundException: Request with token " + token + " was not found.");
  EXPECT_EQ(cloud.call("ListResourceRequests", Json::object()).at("ResourceRequestStatusSummaries").size(),
            0);
}

TEST(Requests, AreListedNewestFirstByPageAndFilter) {
  InProcess cloud;
  for (int i = 0; i < 30; ++i) cloud.create(channel, Json::object());
  const auto listed = cloud.list(channel);
  cloud.call("DeleteResource", deletion(channel, listed[0].at("Identifier")));
  cloud.call("DeleteResource", deletion(channel, "arn:aws:ivs:eu-west-1:123456789012:channel/none"));

  const auto page = cloud.call("ListResourceRequests", Json::object());
  EXPECT_EQ(page.at("ResourceRequestStatusSummaries").size(), 20);
  EXPECT_EQ(page.at("ResourceRequestStatusSummaries")[0].at("OperationStatus"), "FAILED");
  const auto rest = cloud.call("ListResourceRequests", {{"NextToken", page.at("NextToken")}});
  EXPECT_EQ(rest.at("ResourceRequestStatusSummaries").size(), 12);
  EXPECT_FALSE(rest.contains("NextToken"));

  const auto filtered = [&](const Json& filter) {
    return cloud.call("ListResourceRequests", {{"ResourceRequestStatusFilter", filter}, {"MaxResults", 100}})
        .at("ResourceRequestStatusSummaries")
        .size();
  };
  EXPECT_EQ(filtered({{"Operations", {"DELETE"}}}), 2);
  EXPECT_EQ(filtered({{"Operations", {"DELETE"}}, {"OperationStatuses", {"SUCCESS"}}}), 1);
  EXPECT_EQ(filtered({{"OperationStatuses", {"PENDING", "IN_PROGRESS"}}}), 0);
}

TEST(Requests, ArePagedWithinAFilterWhileOthersCome) {
  InProcess cloud;
  for (int i = 0; i < 12; ++i) {
    const auto made = cloud.create(channel, Json::object());
    cloud.call("DeleteResource", deletion(channel, made.at("Identifier")));
  }
  Json input = {{"ResourceRequestStatusFilter", {{"Operations", {"DELETE"}}}}, {"MaxResults", 5}};
  std::set<std::string> seen;
  std::vector<std::size_t> sizes;
  for (bool more = true; more;) {
    const auto page = cloud.call("ListResourceRequests", input);
    sizes.push_back(page.at("ResourceRequestStatusSummaries").size());
    for (const auto& one : page.at("ResourceRequestStatusSummaries")) {
      EXPECT_EQ(one.at("Operation"), "DELETE");
      EXPECT_TRUE(seen.insert(one.at("RequestToken")).second) << "told twice";
    }
    cloud.call("DeleteResource", deletion(channel, "arn:aws:ivs:eu-west-1:123456789012:channel/none"));
    more = page.contains("NextToken");
    if (more) input["NextToken"] = page.at("NextToken");
  }
  EXPECT_EQ(sizes, (std::vector<std::size_t>{5, 5, 2}));
  EXPECT_EQ(cloud.refusal("ListResourceRequests", {{"NextToken", "zzz"}}),
            "InvalidRequestException: Invalid NextToken");
  EXPECT_THAT(cloud.refusal("ListResourceRequests", {{"MaxResults", 0}}),
              HasSubstr("Member must have value greater than or equal to 1"));
  EXPECT_THAT(
      cloud.refusal("ListResourceRequests", {{"ResourceRequestStatusFilter", {{"Operations", {"READ"}}}}}),
      HasSubstr("Member must satisfy enum value set: [CREATE, DELETE, UPDATE]"));
}

TEST(Requests, AreFoundByEachOfTheirStatuses) {
  InProcess cloud(milliseconds(1000));
  const auto name = [](const char* text) { return Json{{"LogGroupName", text}}; };
  cloud.create(logGroup, name("made"));
  cloud.pass(milliseconds(1000));
  cloud.create(logGroup, name("made"));
  const auto cancelled = cloud.create(logGroup, name("cancelled"));
  cloud.event("CancelResourceRequest", {{"RequestToken", cancelled.at("RequestToken")}});
  cloud.pass(milliseconds(1000));
  cloud.create(logGroup, name("running"));
  cloud.pass(milliseconds(500));
  const auto going = cloud.create(logGroup, name("going"));
  cloud.event("CancelResourceRequest", {{"RequestToken", going.at("RequestToken")}});
  cloud.create(logGroup, name("pending"));
  for (const auto& [status, identifier] :
       std::vector<std::pair<std::string, std::string>>{{"SUCCESS", "made"},
                                                        {"FAILED", "made"},
                                                        {"CANCEL_COMPLETE", "cancelled"},
                                                        {"IN_PROGRESS", "running"},
                                                        {"PENDING", "pending"},
                                                        {"CANCEL_IN_PROGRESS", "going"}}) {
    const auto found = cloud
                           .call("ListResourceRequests",
                                 {{"ResourceRequestStatusFilter", {{"OperationStatuses", {status}}}}})
                           .at("ResourceRequestStatusSummaries");
    ASSERT_EQ(found.size(), 1) << status;
    EXPECT_EQ(found[0].at("OperationStatus"), status);
    EXPECT_EQ(found[0].at("Identifier"), identifier);
  }
}

TEST(Cancelling, EndsAnOperationThatHasNotEnded) {
  InProcess cloud(milliseconds(1000));
  const auto pending = cloud.create(channel, {{"Name", "pending"}});
  const auto cancelled = cloud.event("CancelResourceRequest", {{"RequestToken", pending.at("RequestToken")}});
  EXPECT_EQ(cancelled.at("OperationStatus"), "CANCEL_IN_PROGRESS");

  const auto begun = cloud.create(channel, {{"Name", "begun"}});
  cloud.pass(milliseconds(500));
  EXPECT_EQ(cloud.status(pending).at("OperationStatus"), "CANCEL_COMPLETE");
  cloud.event("CancelResourceRequest", {{"RequestToken", begun.at("RequestToken")}});
  cloud.pass(milliseconds(1000));
  EXPECT_EQ(cloud.status(begun).at("OperationStatus"), "CANCEL_COMPLETE");
  ASSERT_EQ(cloud.list(channel).size(), 1)
      << "what was not begun is not made; what was begun is not rolled back";
  EXPECT_THAT(cloud.list(channel).dump(), HasSubstr("begun"));
}

Json cancelling(const Json& event) { return {{"RequestToken", event.at("RequestToken")}}; }

TEST(Cancelling, OfWhatIsOverIsRefused) {
  InProcess cloud;
  const auto succeeded = cloud.create(logGroup, {{"LogGroupName", "X"}});
  const auto failed = cloud.create(logGroup, {{"LogGroupName", "X"}});
  EXPECT_EQ(failed.at("OperationStatus"), "FAILED");
  for (const auto& event : {succeeded, failed})
    EXPECT_EQ(cloud.refusal("CancelResourceRequest", cancelling(event)),
              "ConcurrentModificationException: Request " + event.at("RequestToken").get<std::string>() +
                  " is " + event.at("OperationStatus").get<std::string>() +
                  " and cannot be canceled: only PENDING or IN_PROGRESS can.");
  EXPECT_EQ(cloud.refusal("CancelResourceRequest", {{"RequestToken", "none"}}),
            "RequestTokenNotFoundException: Request with token none was not found.");
}

TEST(Cancelling, TwiceIsOnceAndOfTheCancelledIsRefused) {
  InProcess cloud(milliseconds(1000));
  const auto event = cloud.create(channel, Json::object());
  const auto first = cloud.event("CancelResourceRequest", cancelling(event));
  EXPECT_EQ(first.at("OperationStatus"), "CANCEL_IN_PROGRESS");
  EXPECT_EQ(cloud.event("CancelResourceRequest", cancelling(event)), first);
  cloud.pass(milliseconds(100));
  EXPECT_EQ(cloud.status(event).at("OperationStatus"), "CANCEL_COMPLETE");
  EXPECT_THAT(cloud.refusal("CancelResourceRequest", cancelling(event)), HasSubstr("is CANCEL_COMPLETE"));
}

TEST(Cancelling, AnUpdateOrADeleteLeavesTheResourceAsItWas) {
  for (const auto when : {milliseconds(0), milliseconds(500)}) {  // PENDING, IN_PROGRESS
    InProcess cloud(milliseconds(1000));
    cloud.create(logGroup, {{"LogGroupName", "X"}});
    cloud.pass(milliseconds(1000));
    const auto before = cloud.read(logGroup, "X");
    const auto update = cloud.event(
        "UpdateResource", {{"TypeName", logGroup},
                           {"Identifier", "X"},
                           {"PatchDocument", R"([{"op":"add","path":"/RetentionInDays","value":7}])"}});
    cloud.pass(when);
    cloud.event("CancelResourceRequest", cancelling(update));
    cloud.pass(milliseconds(1000));
    EXPECT_EQ(cloud.status(update).at("OperationStatus"), "CANCEL_COMPLETE");
    const auto removal = cloud.event("DeleteResource", deletion(logGroup, "X"));
    cloud.pass(when);
    cloud.event("CancelResourceRequest", cancelling(removal));
    cloud.pass(milliseconds(1000));
    EXPECT_EQ(cloud.status(removal).at("OperationStatus"), "CANCEL_COMPLETE");
    EXPECT_EQ(cloud.read(logGroup, "X"), before);
  }
}

TEST(Cancelling, HoldsTheResourceUntilItIsOver) {
  InProcess cloud(milliseconds(1000));
  const auto event = cloud.create(logGroup, {{"LogGroupName", "X"}});
  cloud.event("CancelResourceRequest", cancelling(event));
  EXPECT_THAT(cloud.refusal("CreateResource", creation(logGroup, {{"LogGroupName", "X"}}, "t")),
              HasSubstr("ConcurrentOperationException: "));
  cloud.pass(milliseconds(100));
  EXPECT_EQ(cloud.refusal("CreateResource", creation(logGroup, {{"LogGroupName", "X"}}, "t")), "");
}

TEST(OperationsUnderWay, EndAfterARestart) {
  const TempFolder data;
  const auto file = data.path() / "local.sqlite";
  Json event;
  {
    InProcess cloud(milliseconds(1000), file);
    event = cloud.create(logGroup, {{"LogGroupName", "X"}});
  }
  InProcess cloud(milliseconds(1000), file);
  EXPECT_EQ(cloud.status(event).at("OperationStatus"), "PENDING");
  cloud.pass(milliseconds(1000));
  EXPECT_EQ(cloud.status(event).at("OperationStatus"), "SUCCESS");
  EXPECT_EQ(cloud.read(logGroup, "X").at("LogGroupName"), "X");
}

}  // namespace
}  // namespace athanor::local::test
