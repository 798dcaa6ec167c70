#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixtures.h"
#include "wire.h"

namespace athanor::local::test {
namespace {

using testing::AnyOf;
using testing::HasSubstr;

constexpr std::size_t MiB = std::size_t{1024} * 1024;
const std::string channel = "AWS::IVS::Channel";

class Robustness : public testing::Test {
 protected:
  /// The status that bytes are answered with on a connection of their own (0 where it is closed without an
  /// answer), once it is seen that the next client is served as ever.
  int statusOf(const std::string& bytes) const {
    const auto answer = ask(server.url(), bytes);
    EXPECT_EQ(ask(server.url(), requestOf("GET", "/_athanor/health")).status, 200) << "the next request";
    return answer.status;
  }
  static std::string post(const std::string& headers, const std::string& rest) {
    return "POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: CloudApiService.ListResources\r\n" + headers +
           "\r\n" + rest;
  }

  TempFolder data;
  Server server{onFreePort(data.path()), catalogue()};
};

TEST_F(Robustness, WhatEndsTooEarlyIsNotAnswered) {
  for (const std::string& bytes : std::vector<std::string>{
           "", "G", "GET / HTTP/1.1", "GET / HTTP/1.1\r\nHost: x\r\n",
           post("Content-Length: 100\r\n", "{\"Type"), post("Transfer-Encoding: chunked\r\n", "5\r\n{\"T"),
           post("Transfer-Encoding: chunked\r\n", "2\r\n{}\r\n")})
    EXPECT_EQ(statusOf(bytes), 0) << bytes;
}

TEST_F(Robustness, WhatIsNotHttpIsRefused) {
  for (const std::string& bytes : std::vector<std::string>{
           "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET / HTTP/3.0\r\nHost: x\r\n\r\n", "GET /\r\n\r\n",
           "GET / HTTP/1.1\r\nNo colon\r\n\r\n", "GET / HTTP/1.1\r\n: no name\r\n\r\n",
           std::string("GET / HTTP/1.1\r\nX: a\0b\r\n\r\n", 28), "\r\r\r\r\n\n\n\n\r\n\r\n\r\n",
           std::string(512, '\xff') + "\r\n\r\n", post("Content-Length: -1\r\n", ""),
           post("Content-Length: 0x10\r\n", "0123456789abcdef"),
           post("Content-Length: 99999999999999999999999\r\n", ""),
           post("Content-Length: 2\r\nContent-Length: 3\r\n", "{}x"),
           post("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
           post("Transfer-Encoding: chunked\r\n", "zz\r\n{}\r\n0\r\n\r\n"),
           post("Transfer-Encoding: chunked\r\n", "-2\r\n{}\r\n0\r\n\r\n"),
           post("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\n{}\r\n0\r\n\r\n"),
           post("Transfer-Encoding: chunked\r\n", "2\r\n{}garbage\r\n0\r\n\r\n")})
    EXPECT_EQ(statusOf(bytes), 400) << bytes.substr(0, 200);
}

TEST_F(Robustness, WhatIsTooLargeIsRefused) {
  EXPECT_EQ(statusOf("GET /" + std::string(100'000, 'a') + " HTTP/1.1\r\n\r\n"), 431);
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += "X-" + std::to_string(i) + ": 1\r\n";
  EXPECT_EQ(statusOf("GET / HTTP/1.1\r\n" + many + "\r\n"), 431);
  const std::string large(4 * MiB, ' ');
  EXPECT_EQ(statusOf(requestOf("POST", "/", "", large + " ")), 413);
  EXPECT_EQ(statusOf(post("Transfer-Encoding: chunked\r\n", "400001\r\n" + large + " \r\n0\r\n\r\n")), 413);
  EXPECT_EQ(statusOf(requestOf("POST", "/", "X-Amz-Target: CloudApiService.ListResources\r\n", large)), 400)
      << "4 MiB are read, and are no JSON";
}

TEST_F(Robustness, OddButLawfulRequestsAreAnswered) {
  const std::string body = R"({"TypeName":"AWS::IVS::Channel"})";
  EXPECT_EQ(
      statusOf(post("Transfer-Encoding: chunked\r\n", "20;x=y\r\n" + body + "\r\n0\r\nTrailer: z\r\n\r\n")),
      200);
  EXPECT_EQ(statusOf(post("Upgrade: websocket\r\nConnection: upgrade\r\nContent-Length: 32\r\n", body)), 200);
  EXPECT_EQ(
      statusOf(
          "POST / HTTP/1.0\r\nX-Amz-Target: CloudApiService.ListResources\r\nContent-Length: 32\r\n\r\n" +
          body),
      200);
  EXPECT_EQ(statusOf("FROB / HTTP/1.1\r\nHost: x\r\n\r\n"), 405) << "S3 has no such method";
  EXPECT_EQ(statusOf(std::string("POST / HTTP/1.1\r\nX-Amz-Target: CloudApiService.\xff\xfe\r\n\r\n")), 400);
}

TEST_F(Robustness, AFaultyRequestThatWasSentAheadCostsNoEarlierOne) {
  const auto good = operationOf("ListResources", {{"TypeName", channel}});
  Wire wire(server.url());
  wire.send(good + good + "\x16\x03\x01\r\n\r\n" + good);
  const auto answers = wire.rest();
  const auto second = answers.find("HTTP/1.1 200", 1);
  ASSERT_NE(second, std::string::npos);
  EXPECT_NE(answers.find("HTTP/1.1 400", second), std::string::npos);
  EXPECT_EQ(answers.find("HTTP/1.1 200", second + 1), std::string::npos)
      << "nothing is read after the faulty one";
}

TEST_F(Robustness, ClientsThatNeverFinishHoldNobodyUp) {
  std::vector<std::unique_ptr<Wire>> slow;
  for (int i = 0; i < 200; ++i) {
    slow.push_back(std::make_unique<Wire>(server.url()));
    slow.back()->send(i % 2 == 0 ? "POST / HTTP/1.1\r\nHos" : post("Content-Length: 1000\r\n", "{"));
  }
  EXPECT_EQ(statusOf(operationOf("ListResources", {{"TypeName", channel}})), 200);
}

TEST_F(Robustness, HalfSentBodiesShareABoundedMemory) {
  const auto large = post("Expect: 100-continue\r\nContent-Length: " + std::to_string(4 * MiB) + "\r\n", "");
  std::vector<std::unique_ptr<Wire>> half;
  for (int i = 0; i < 16; ++i) {
    half.push_back(std::make_unique<Wire>(server.url()));
    half.back()->send(large);
    EXPECT_THAT(half.back()->receive("\r\n\r\n"), HasSubstr("100 Continue"));
    half.back()->send("{");
  }
  EXPECT_EQ(statusOf(large), 503);
  EXPECT_EQ(statusOf(post("Transfer-Encoding: chunked\r\n", "0\r\n\r\n")), 503) << "it may become as large";
  EXPECT_EQ(statusOf(operationOf("ListResources", {{"TypeName", channel}})), 200) << "small ones always fit";
  half.front()->send(std::string(4 * MiB - 1, ' '));
  EXPECT_THAT(half.front()->receive("\r\n\r\n"), HasSubstr("HTTP/1.1 400")) << "whole, and no JSON";
  Wire next(server.url());
  next.send(large);
  EXPECT_THAT(next.receive("\r\n\r\n"), HasSubstr("100 Continue")) << "there is room for one more";
}

TEST_F(Robustness, NoBodyOfAnyOperationIsAnErrorOfTheServer) {
  const std::string deep(100'000, '[');
  std::vector<std::string> bodies = {
      "",
      "{",
      "[]",
      "null",
      "\"x\"",
      "{}}",
      deep,
      "{\"TypeName\":" + deep + "}",
      R"({"TypeName":1e999})",
      R"({"MaxResults":1e400})",
      R"({"MaxResults":99999999999999999999999999})",
      R"({"MaxResults":-9223372036854775808})",
      R"({"MaxResults":1.5})",
      R"({"NextToken":"99999999999999999999"})",
      std::string("{\"TypeName\":\"AWS::IVS::Channel\0\"}", 34),
      "{\"TypeName\":\"\xff\xfe::x::y\"}",
      "\xef\xbb\xbf{\"TypeName\":\"AWS::IVS::Channel\"}",
      R"({"TypeName":"\ud800::x::y"})",
      R"({"TypeName":"A::B::C","TypeName":"AWS::IVS::Channel","Identifier":"\u0000"})"};
  const std::vector<std::string> texts = {
      "",
      "{",
      "[]",
      "null",
      deep,
      "{\"a\":" + deep,
      R"({"Name":1e999})",
      "{\"Name\":\"\xff\"}",
      std::string("{\"Name\":\"\0\"}", 12),
      R"({"Name":"\u0000"})",
      R"({"Name":"a","Name":"b"})",
      R"({"Tags":[{"Key":1}]})",
      R"({"Tags":{"Key":[[]]}})",
      "123456789012345678901234567890",
      R"([{"op":"add","path":"/Name","value":1e99}])",
      R"([{"op":"move","from":"/Tags/-","path":"/Tags/0"}])",
      R"([{"op":"test","path":"","value":null},{"op":"remove","path":""}])",
      R"([{"op":"add","path":"/Tags/99999999999999999999","value":{}}])",
      R"([{"op":"copy","from":"","path":"/Name"}])",
      R"([{"op":"replace","path":"/~2","value":0}])",
      R"([{"op":"add","path":"/Name/x/y","value":0},null,[],1])"};
  ask(server.url(), operationOf("CreateResource", {{"TypeName", "AWS::Logs::LogGroup"},
                                                   {"DesiredState", R"({"LogGroupName":"x"})"}}));
  for (const auto& text : texts) {
    const auto quoted = Json(text).dump(-1, ' ', false, Json::error_handler_t::ignore);
    bodies.push_back(R"({"TypeName":"AWS::IVS::Channel","DesiredState":)" + quoted +
                     ",\"ResourceModel\":" + quoted + "}");
    bodies.push_back(R"({"TypeName":"AWS::Logs::LogGroup","Identifier":"x","PatchDocument":)" + quoted + "}");
    bodies.push_back(R"({"TypeName":"AWS::ApiGateway::Stage","Identifier":)" + quoted +
                     ",\"RequestToken\":" + quoted + "}");
  }
  for (const std::string operation :
       {"CreateResource", "UpdateResource", "GetResource", "ListResources", "GetResourceRequestStatus",
        "ListResourceRequests", "CancelResourceRequest", "DeleteResource"})
    for (const auto& body : bodies) {
      const auto answer = ask(
          server.url(), requestOf("POST", "/", "X-Amz-Target: CloudApiService." + operation + "\r\n", body));
      EXPECT_THAT(answer.status, AnyOf(200, 400)) << operation << " " << body.substr(0, 200) << "\n"
                                                  << answer.body;
      EXPECT_TRUE(Json::accept(answer.body)) << answer.body;
    }
  EXPECT_EQ(statusOf(operationOf("ListResources", {{"TypeName", channel}})), 200);
}

TEST_F(Robustness, TwoHundredAndFiftySixClientsKeepTheirConnectionsAndTheirAnswers) {
  std::vector<std::unique_ptr<Wire>> clients;
  for (int i = 0; i < 256; ++i) clients.push_back(std::make_unique<Wire>(server.url()));
  const auto nameOf = [](std::size_t client, int round) {
    return "group-" + std::to_string(client) + "-" + std::to_string(round);
  };
  for (int round = 0; round < 4; ++round) {
    for (std::size_t i = 0; i < clients.size(); ++i)
      clients[i]->send(
          operationOf("CreateResource", {{"TypeName", "AWS::Logs::LogGroup"},
                                         {"DesiredState", Json{{"LogGroupName", nameOf(i, round)}}.dump()}}));
    for (std::size_t i = 0; i < clients.size(); ++i)
      EXPECT_EQ(clients[i]->answer().json().at("ProgressEvent").at("Identifier"), nameOf(i, round));
    for (std::size_t i = 0; i < clients.size(); ++i)
      clients[i]->send(operationOf("GetResource",
                                   {{"TypeName", "AWS::Logs::LogGroup"}, {"Identifier", nameOf(i, round)}}));
    for (std::size_t i = 0; i < clients.size(); ++i)
      EXPECT_EQ(clients[i]->answer().json().at("ResourceDescription").at("Identifier"), nameOf(i, round));
  }
}

}  // namespace
}  // namespace athanor::local::test
