#include "aws/curl_client.h"

#include <gtest/gtest.h>

#include <set>

#include "support/http_fixture.h"

namespace athanor::aws {
namespace {

using test::HttpFixture;
using Drop = HttpFixture::Reply::Drop;

HttpRequest post(const std::string& url, const std::string& body) {
  return {.method = "POST", .url = url, .headers = {{"Content-Type", "text/plain"}}, .body = body};
}

Unreachable failureOf(SystemLoop& loop, HttpClient& client, HttpRequest request) {
  try {
    (void)runTask(loop, client.send(std::move(request)));
  } catch (const Unreachable& error) {
    return error;
  }
  throw std::logic_error("it was answered");
}

TEST(CurlClient, SendsMethodHeadersAndBodyAndGivesTheAnswer) {
  HttpFixture server([](const auto&) {
    return HttpFixture::Reply{
        .status = 418, .body = "short and stout", .headers = {{"X-Amzn-RequestId", "r1"}}};
  });
  SystemLoop loop;
  CurlClient client(loop, {});
  const auto answer = runTask(loop, client.send(post(server.url() + "/a/../b?c=%2F", "tea")));
  EXPECT_EQ(answer.status, 418);
  EXPECT_EQ(answer.body, "short and stout");
  EXPECT_EQ(header(answer.headers, "x-amzn-requestid"), "r1");
  const auto seen = server.requests().at(0);
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.target, "/a/../b?c=%2F");
  EXPECT_EQ(seen.body, "tea");
  EXPECT_EQ(seen.headers.at("content-type"), "text/plain");
  EXPECT_FALSE(seen.headers.contains("expect"));
}

TEST(CurlClient, ReusesItsConnection) {
  HttpFixture server([](const auto&) { return HttpFixture::Reply{.body = "ok"}; });
  SystemLoop loop;
  CurlClient client(loop, {});
  for (int i = 0; i < 5; ++i) (void)runTask(loop, client.send(post(server.url(), "x")));
  for (const auto& request : server.requests()) EXPECT_EQ(request.connection, 1);
}

Task<> sendMany(HttpClient* client, std::string url, int count) {
  std::vector<Later<HttpResponse>> answers;
  for (int i = 0; i < count; ++i) answers.push_back(start(client->send(post(url, std::to_string(i)))));
  for (int i = 0; i < count; ++i)
    EXPECT_EQ((co_await answers[static_cast<std::size_t>(i)]).body, std::to_string(i));
}

TEST(CurlClient, HasManyRequestsInFlightAndNoMoreThanAllowed) {
  HttpFixture server([](const auto& request) {
    return HttpFixture::Reply{.body = request.body, .delay = std::chrono::milliseconds(20)};
  });
  SystemLoop loop;
  CurlClient client(loop, {}, {.inFlight = 16});
  runTask(loop, sendMany(&client, server.url(), 200));
  EXPECT_EQ(server.requests().size(), 200U);
  EXPECT_LE(server.mostAtOnce(), 16);
  EXPECT_GE(server.mostAtOnce(), 8);
}

TEST(CurlClient, SaysThatARequestWasCertainlyNotSentWhereNobodyListens) {
  int port = 0;
  {
    port = HttpFixture([](const auto&) { return HttpFixture::Reply{}; }).port();
  }
  SystemLoop loop;
  CurlClient client(loop, {});
  const auto url = "http://127.0.0.1:" + std::to_string(port);
  const auto error = failureOf(loop, client, post(url, "x"));
  EXPECT_FALSE(error.maybeSent());
  EXPECT_EQ(error.code(), ErrorCode::unreachable);
  EXPECT_NE(std::string(error.what()).find(url), std::string::npos) << error.what();
  EXPECT_FALSE(error.hint().empty());
}

TEST(CurlClient, SaysThatARequestMayHaveBeenSentWhereTheAnswerBreaksOff) {
  HttpFixture server([](const auto& request) {
    return HttpFixture::Reply{.body = "0123456789",
                              .drop = request.body == "early" ? Drop::afterRequest : Drop::midAnswer};
  });
  SystemLoop loop;
  CurlClient client(loop, {});
  EXPECT_TRUE(failureOf(loop, client, post(server.url(), "early")).maybeSent());
  EXPECT_TRUE(failureOf(loop, client, post(server.url(), "late")).maybeSent());
}

TEST(CurlClient, GivesUpAfterTheRequestsOwnTimeout) {
  HttpFixture server([](const auto&) { return HttpFixture::Reply{.delay = std::chrono::milliseconds(400)}; });
  SystemLoop loop;
  CurlClient client(loop, {});
  auto request = post(server.url(), "x");
  request.timeout = std::chrono::milliseconds(50);
  EXPECT_TRUE(failureOf(loop, client, std::move(request)).maybeSent());
}

TEST(CurlClient, GoesThroughTheProxyThatTheEnvironmentNamesButNeverForLoopback) {
  HttpFixture proxy([](const auto&) { return HttpFixture::Reply{.body = "from the proxy"}; });
  HttpFixture server([](const auto&) { return HttpFixture::Reply{.body = "from the server"}; });
  Environment environment{.variables = {{"http_proxy", proxy.url()}, {"no_proxy", "quiet.invalid"}}};
  SystemLoop loop;
  CurlClient client(loop, environment);
  EXPECT_EQ(runTask(loop, client.send({.url = "http://cloudcontrolapi.example/"})).body, "from the proxy");
  EXPECT_EQ(proxy.requests().at(0).target, "http://cloudcontrolapi.example/");
  EXPECT_EQ(runTask(loop, client.send({.url = server.url()})).body, "from the server");
  (void)failureOf(loop, client, {.url = "http://quiet.invalid/"});  // asked for directly, it does not exist
  EXPECT_EQ(proxy.requests().size(), 1U);
}

TEST(CurlClient, AnIdleClientKeepsNoLoopWaiting) {
  HttpFixture server([](const auto&) { return HttpFixture::Reply{.body = "ok"}; });
  SystemLoop loop;
  CurlClient client(loop, {});
  (void)runTask(loop, client.send({.url = server.url()}));
  EXPECT_FALSE(loop.runUntil([] { return false; }));
}

TEST(CurlClient, NamesTheCaFileThatCannotBeRead) {
  HttpFixture server([](const auto&) { return HttpFixture::Reply{}; });
  SystemLoop loop;
  CurlClient client(loop, {.variables = {{"AWS_CA_BUNDLE", "/nonexistent/ca.pem"}}});
  const auto error = failureOf(loop, client, {.url = "https://127.0.0.1:" + std::to_string(server.port())});
  EXPECT_FALSE(error.maybeSent());
  EXPECT_NE(error.hint().find("/nonexistent/ca.pem (AWS_CA_BUNDLE)"), std::string::npos) << error.hint();
}

}  // namespace
}  // namespace athanor::aws
