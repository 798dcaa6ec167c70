#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <SQLiteCpp/Database.h>

#include "base/error.h"
#include "fixtures.h"
#include "local/admin/kept.h"
#include "local/admin/request_log.h"
#include "wire.h"

namespace athanor::local::test {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;

const std::string channel = "AWS::IVS::Channel";

class Administration : public testing::Test {
 protected:
  Json get(const std::string& path) const { return ask(server.url(), requestOf("GET", path)).json(); }
  Answer reset(const std::string& headers = "") const {
    return ask(server.url(), requestOf("POST", "/_athanor/reset", headers));
  }
  Json operation(const std::string& name, const Json& input) const {
    return ask(server.url(), operationOf(name, input)).json();
  }
  std::string create() const {
    return operation("CreateResource",
                     {{"TypeName", channel}, {"DesiredState", R"({"Name":"confidential"})"}})
        .at("ProgressEvent")
        .at("Identifier");
  }

  TempFolder data;
  Server server{onFreePort(data.path()), catalogue()};
};

TEST_F(Administration, ListsRequestsWithWhatTheyWereAboutAndHowTheyEnded) {
  const auto arn = create();
  operation("GetResource", {{"TypeName", channel}, {"Identifier", "nothing"}});
  ask(server.url(), requestOf("POST", "/", "Content-Type: application/x-www-form-urlencoded\r\n",
                              "Action=GetCallerIdentity&Version=2011-06-15"));
  const auto requests = get("/_athanor/requests").at("requests");
  ASSERT_EQ(requests.size(), 3);
  const auto& created = requests[0];
  EXPECT_EQ(created.at("number"), 1);
  EXPECT_EQ(created.at("service"), "cloudcontrol");
  EXPECT_EQ(created.at("operation"), "CreateResource");
  EXPECT_EQ(created.at("type"), channel);
  EXPECT_EQ(created.at("identifier"), arn);
  EXPECT_EQ(created.at("status"), 200);
  EXPECT_EQ(created.at("outcome"), "SUCCESS");
  EXPECT_EQ(created.at("account"), "123456789012");
  EXPECT_EQ(created.at("region"), "us-east-1");
  EXPECT_EQ(created.at("requestId").get<std::string>().size(), 36);
  EXPECT_GT(created.at("milliseconds"), 0);
  EXPECT_EQ(requests[1].at("identifier"), "nothing");
  EXPECT_EQ(requests[1].at("status"), 400);
  EXPECT_EQ(requests[1].at("outcome"), "ResourceNotFoundException");
  EXPECT_EQ(requests[2].at("service"), "sts");
  EXPECT_EQ(requests[2].at("operation"), "GetCallerIdentity");
  EXPECT_EQ(requests[2].at("outcome"), "OK");
  EXPECT_THAT(requests.dump(), Not(HasSubstr("confidential"))) << "bodies are no part of the log";
}

TEST_F(Administration, GivesTheNewestRequestsAndThoseAfterANumber) {
  for (int i = 0; i < 5; ++i) operation("ListResources", {{"TypeName", channel}});
  const auto newest = get("/_athanor/requests?limit=2");
  ASSERT_EQ(newest.at("requests").size(), 2);
  EXPECT_EQ(newest.at("requests")[0].at("number"), 4);
  EXPECT_EQ(newest.at("next"), 5);
  const auto later = get("/_athanor/requests?after=1&limit=3");
  EXPECT_EQ(later.at("requests")[0].at("number"), 2);
  EXPECT_EQ(later.at("next"), 4);
  EXPECT_EQ(later.at("missed"), 0);
  EXPECT_EQ(ask(server.url(), requestOf("GET", "/_athanor/requests?limit=many")).status, 400);
}

TEST_F(Administration, APollWaitsForTheNextRequest) {
  Wire poll(server.url());
  poll.send(requestOf("GET", "/_athanor/requests?after=0&wait=60"));
  operation("ListResources", {{"TypeName", channel}});
  poll.receive("\r\n\r\n");
  EXPECT_EQ(Json::parse(poll.receive("\n")).at("requests")[0].at("operation"), "ListResources");
}

TEST_F(Administration, AServerMayStopWhileAPollWaits) {
  Wire poll(server.url());
  poll.send(requestOf("GET", "/_athanor/requests?after=0&wait=60"));
  get("/_athanor/health");  // so that the poll has been read
  server.stop();
  EXPECT_EQ(poll.rest(), "");
}

TEST_F(Administration, TheLogKeepsTheLastTwoThousandAndSaysWhatIsMissing) {
  const auto request = operationOf("ListResources", {{"TypeName", channel}});
  Wire wire(server.url());
  for (int i = 0; i < 2100; ++i) {
    wire.send(request);
    wire.receive("\"TypeName\":\"AWS::IVS::Channel\"}");
  }
  const auto page = get("/_athanor/requests?after=10&limit=1");
  EXPECT_EQ(page.at("missed"), 90);
  EXPECT_EQ(page.at("requests")[0].at("number"), 101);
}

TEST_F(Administration, TellsItsStatus) {
  create();
  create();
  operation("GetResource", {{"TypeName", channel}, {"Identifier", "nothing"}});
  const auto status = get("/_athanor/status");
  EXPECT_EQ(status.at("id"), server.id());
  EXPECT_EQ(status.at("url"), server.url());
  EXPECT_EQ(status.at("data"), data.path().string());
  EXPECT_EQ(status.at("resources"), Json::parse(R"([{"account":"123456789012","region":"us-east-1",
                                                    "type":"AWS::IVS::Channel","count":2}])"));
  EXPECT_EQ(status.at("active"), 0);
  EXPECT_EQ(status.at("requests"), Json::parse(R"({"answered":3,"failed":1,"throttled":0})"));
  EXPECT_GT(status.at("memory"), 1'000'000);
}

TEST_F(Administration, AResetDeletesEverythingAndServesOn) {
  const auto arn = create();
  const auto answer = reset();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.json().at("deleted").at("resources")[0].at("type"), channel);
  EXPECT_EQ(operation("GetResource", {{"TypeName", channel}, {"Identifier", arn}}).at("__type"),
            "com.amazon.cloudapiservice#ResourceNotFoundException");
  EXPECT_EQ(operation("ListResourceRequests", Json::object()).at("ResourceRequestStatusSummaries"),
            Json::array());
  EXPECT_EQ(get("/_athanor/status").at("id"), server.id()) << "it is the same AWS";
  EXPECT_EQ(get("/_athanor/status").at("operations"), 0);
  create();
}

TEST_F(Administration, AResetIsNotForWebPages) {
  create();
  EXPECT_EQ(reset("Origin: https://example.com\r\n").status, 403);
  EXPECT_EQ(ask(server.url(), "POST /_athanor/reset HTTP/1.1\r\nHost: rebound.example\r\n\r\n").status, 403);
  EXPECT_EQ(ask(server.url(), requestOf("GET", "/_athanor/reset")).status, 404);
  EXPECT_EQ(get("/_athanor/status").at("resources").size(), 1);
}

TEST(Reset, EndsOperationsThatAreUnderWay) {
  const TempFolder data;
  auto options = onFreePort(data.path());
  options.latency = milliseconds(60'000);
  const Server server(options, catalogue());
  ask(server.url(), operationOf("CreateResource", {{"TypeName", channel}, {"DesiredState", "{}"}}));
  EXPECT_EQ(ask(server.url(), requestOf("GET", "/_athanor/status")).json().at("active"), 1);
  ask(server.url(), requestOf("POST", "/_athanor/reset"));
  EXPECT_EQ(ask(server.url(), requestOf("GET", "/_athanor/status")).json().at("active"), 0);
}

TEST(Reset, OfAFolderThatNobodyServes) {
  const TempFolder data;
  EXPECT_EQ(admin::forgetAll(data.path()).resources(), 0) << "nothing is kept yet";
  {
    const Server server(onFreePort(data.path()), catalogue());
    ask(server.url(), operationOf("CreateResource", {{"TypeName", channel}, {"DesiredState", "{}"}}));
    EXPECT_THROW(admin::forgetAll(data.path()), Error);
  }
  EXPECT_EQ(admin::countKept(data.path()).resources(), 1);
  EXPECT_EQ(admin::forgetAll(data.path()).resources(), 1);
  EXPECT_EQ(admin::countKept(data.path()).resources(), 0);
}

TEST(RequestLog, WritesDownWhatWasNeverAnswered) {
  admin::RequestLog log(systemSources());
  http::Request request{"POST", "/", "", {{"x-amz-target", "CloudApiService.DeleteResource"}}, ""};
  request.body =
      R"({"DesiredState":"{\"TypeName\":\"not this\"}", "TypeName" : "AWS::A::B", "Identifier":"a\"b"})";
  {
    const auto reply = log.writing(request, {"1", "r"}, "id", [](http::Response) { FAIL(); });
  }
  const auto page = log.newest(10);
  ASSERT_EQ(page.requests.size(), 1);
  EXPECT_EQ(page.requests[0].outcome, "no answer");
  EXPECT_EQ(page.requests[0].type, "AWS::A::B");
  EXPECT_EQ(page.requests[0].identifier, "a\"b");
  EXPECT_EQ(log.counts().answered, 0);
}

}  // namespace
}  // namespace athanor::local::test
