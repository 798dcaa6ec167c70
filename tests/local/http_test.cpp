#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/error.h"
#include "fixtures.h"
#include "wire.h"

namespace athanor::local::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Http : public testing::Test {
 protected:
  TempFolder data;
  Server server{onFreePort(data.path()), catalogue()};
  Wire wire{server.url()};

  static std::string post(const std::string& headers, const std::string& body,
                          const std::string& path = "/") {
    return "POST " + path + " HTTP/1.1\r\nHost: x\r\n" + headers +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  static std::string operation(const std::string& name, const Json& input, const std::string& path = "/") {
    return post("X-Amz-Target: CloudApiService." + name + "\r\nContent-Type: application/x-amz-json-1.0\r\n",
                input.dump(), path);
  }
};

TEST_F(Http, TellsWhoItIs) {
  wire.send("GET /_athanor/health HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto head = wire.receive("\r\n\r\n");
  EXPECT_THAT(head, StartsWith("HTTP/1.1 200 OK"));
  const auto health = Json::parse(wire.receive("\n"));
  EXPECT_EQ(health.at("id"), server.id());
  EXPECT_EQ(health.at("account"), "123456789012");
  EXPECT_EQ(health.at("region"), "us-east-1");
  EXPECT_EQ(health.at("data"), data.path().string());
  EXPECT_TRUE(health.at("athanor").is_string());
}

TEST_F(Http, AnswersManyRequestsOnOneConnectionEvenWhenTheyAreSentAhead) {
  const auto request = operation("ListResources", {{"TypeName", "AWS::IVS::Channel"}});
  wire.send(request + request + request);
  for (int i = 0; i < 3; ++i)
    EXPECT_THAT(wire.receive("\"TypeName\":\"AWS::IVS::Channel\"}"), StartsWith("HTTP/1.1 200 OK"));
}

TEST_F(Http, IgnoresAQueryString) {
  wire.send(operation("ListResources", {{"TypeName", "AWS::IVS::Channel"}},
                      "/?Action=GetResource&Version=2021-09-30"));
  EXPECT_THAT(wire.receive("\"TypeName\":\"AWS::IVS::Channel\"}"), HasSubstr("\"ResourceDescriptions\":[]"));
}

TEST_F(Http, TakesTheRegionFromTheSignature) {
  wire.send(
      post("X-Amz-Target: CloudApiService.CreateResource\r\nAuthorization: AWS4-HMAC-SHA256 "
           "Credential=999999999999/20260101/ap-south-1/cloudcontrolapi/aws4_request, SignedHeaders=host, "
           "Signature=00\r\n",
           R"({"TypeName":"AWS::IVS::Channel","DesiredState":"{}"})"));
  EXPECT_THAT(wire.receive("\"TypeName\":\"AWS::IVS::Channel\"}}"),
              HasSubstr("arn:aws:ivs:ap-south-1:999999999999:channel/"));
}

TEST_F(Http, NamesBothNamespacesOfErrors) {
  wire.send(operation("GetResource", {{"TypeName", "AWS::IVS::Nothing"}, {"Identifier", "x"}}));
  EXPECT_THAT(wire.receive("\"}"),
              HasSubstr(R"("__type":"com.amazon.cloudapiservice#TypeNotFoundException")"));
  wire.send(operation("CreateResource", {{"TypeName", "AWS::IVS::Channel"}, {"DesiredState", R"({"X":1})"}}));
  EXPECT_THAT(wire.receive("\"}"), HasSubstr(R"("__type":"com.amazon.coral.validate#ValidationException")"));
}

TEST_F(Http, SaysWhatItDoesNotKnow) {
  wire.send(post("X-Amz-Target: DynamoDB_20120810.ListTables\r\n", "{}"));
  EXPECT_THAT(wire.receive("\"}"), HasSubstr("does not know the operation DynamoDB_20120810.ListTables"));
  wire.send(
      "GET /2015-03-31/functions HTTP/1.1\r\nHost: x\r\nAuthorization: AWS4-HMAC-SHA256 "
      "Credential=a/20260102/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0\r\n\r\n");
  EXPECT_THAT(wire.receive("\"}"), HasSubstr("does not know GET /2015-03-31/functions"));
  wire.send("GET /bucket/key HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(wire.receive("</Error>"), HasSubstr("<Code>NoSuchBucket</Code>")) << "S3 signs nothing";
}

TEST_F(Http, InvitesABodyThatWaitsToBeInvited) {
  const std::string body = R"({"TypeName":"AWS::IVS::Channel"})";
  wire.send(
      "POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: CloudApiService.ListResources\r\nExpect: "
      "100-continue\r\nContent-Length: " +
      std::to_string(body.size()) + "\r\n\r\n");
  EXPECT_THAT(wire.receive("\r\n\r\n"), StartsWith("HTTP/1.1 100 Continue"));
  wire.send(body);
  EXPECT_THAT(wire.receive("\r\n\r\n"), StartsWith("HTTP/1.1 200 OK"));
}

TEST_F(Http, RefusesHeadersAndBodiesThatAreTooLarge) {
  wire.send("GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(100'000, 'a') + "\r\n\r\n");
  EXPECT_THAT(wire.rest(), StartsWith("HTTP/1.1 431"));
  Wire other(server.url());
  other.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n");
  EXPECT_THAT(other.rest(), StartsWith("HTTP/1.1 413"));
}

TEST_F(Http, RefusesWhatIsNotHttpAndServesTheNextClient) {
  wire.send("\x16\x03\x01 this is TLS\r\n\r\n");
  EXPECT_THAT(wire.rest(), StartsWith("HTTP/1.1 400"));
  Wire other(server.url());
  other.send("GET /_athanor/health HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(other.receive("\r\n\r\n"), StartsWith("HTTP/1.1 200 OK"));
}

TEST_F(Http, TurnsAwayMoreConnectionsThanItBears) {
  std::vector<std::unique_ptr<Wire>> open;
  for (int i = 0; i < 1023; ++i) open.push_back(std::make_unique<Wire>(server.url()));
  Wire oneMore(server.url());
  EXPECT_THAT(oneMore.rest(), StartsWith("HTTP/1.1 503"));
  open.clear();
  wire.send("GET /_athanor/health HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(wire.receive("\r\n\r\n"), StartsWith("HTTP/1.1 200 OK"));
}

TEST_F(Http, LeavesAStoppedServersClientsWithAClosedConnection) {
  server.stop();
  EXPECT_EQ(wire.rest(), "");
  EXPECT_THROW(Wire(server.url()), std::runtime_error);
}

TEST_F(Http, APortInUseIsAConflictThatNamesTheHolder) {
  const TempFolder other;
  auto options = onFreePort(other.path());
  options.port = portOf(server.url());
  try {
    const Server second(options, catalogue());
    FAIL() << "two servers on one port";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::conflict);
    EXPECT_THAT(error.what(),
                HasSubstr("is in use by test-local (process " + std::to_string(::getpid()) + ")"));
    EXPECT_THAT(error.hint(), HasSubstr("--port"));
  }
}

}  // namespace
}  // namespace athanor::local::test
