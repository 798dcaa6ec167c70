#include "local/http/guard.h"

#include <gtest/gtest.h>

namespace athanor::local::http {
namespace {

unsigned refused(Headers headers, const std::string& body = "") {
  const Request request{"POST", "/_athanor/x", "", std::move(headers), body};
  const auto out = refusalOfStrangers(request);
  return out ? out->status : 0;
}

TEST(StrangersGuard, LetsThoseThroughWhoAskByAddressOrAsLocalhost) {
  EXPECT_EQ(refused({{"host", "127.0.0.1:4566"}}), 0);
  EXPECT_EQ(refused({{"host", "localhost"}}), 0);
  EXPECT_EQ(refused({{"host", "[::1]:4566"}}), 0);
  EXPECT_EQ(refused({{"host", "192.168.7.1:4566"}}), 0);
}

TEST(StrangersGuard, RefusesNamesThatMayBeAnybodys) {
  EXPECT_EQ(refused({{"host", "evil.example:4566"}}), 403);
  EXPECT_EQ(refused({{"host", "127.0.0.1.evil.example"}}), 403);
  EXPECT_EQ(refused({}), 403);
}

TEST(StrangersGuard, RefusesThePagesOfOtherOrigins) {
  EXPECT_EQ(refused({{"host", "127.0.0.1:4566"}, {"origin", "http://127.0.0.1:4566"}}), 0);
  EXPECT_EQ(refused({{"host", "127.0.0.1:4566"}, {"origin", "http://127.0.0.1:8080"}}), 403);
  EXPECT_EQ(refused({{"host", "127.0.0.1:4566"}, {"origin", "https://evil.example"}}), 403);
  EXPECT_EQ(refused({{"host", "127.0.0.1:4566"}, {"origin", "null"}}), 403);
}

TEST(StrangersGuard, TakesABodyOnlyAsJson) {
  EXPECT_EQ(refused({{"host", "localhost"}, {"content-type", "application/json; charset=utf-8"}}, "{}"), 0);
  EXPECT_EQ(refused({{"host", "localhost"}, {"content-type", "text/plain"}}, "{}"), 415);
  EXPECT_EQ(refused({{"host", "localhost"}, {"content-type", "application/json-patch"}}, "{}"), 415);
  EXPECT_EQ(refused({{"host", "localhost"}}, "{}"), 415);
}

}  // namespace
}  // namespace athanor::local::http
