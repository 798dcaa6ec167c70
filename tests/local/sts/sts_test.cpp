#include "local/sts/sts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../auth/signed.h"
#include "aws/text.h"
#include "aws/uri.h"

namespace athanor::local::test {
namespace {

using aws::xmlText;
using testing::HasSubstr;
using testing::MatchesRegex;

const std::string deploy = "arn:aws:iam::210987654321:role/team/Deploy";

class Sts : public testing::Test {
 protected:
  using Fields = std::vector<std::pair<std::string, std::string>>;

  http::Response ask(const std::string& action, Fields fields = {}) {
    fields.insert(fields.begin(), {{"Action", action}, {"Version", "2011-06-15"}});
    const http::Request request{"POST",
                                "/",
                                "",
                                {{"content-type", "application/x-www-form-urlencoded; charset=utf-8"}},
                                aws::formBody(fields)};
    return sts::answer(request, asker, gate.sessions(), "the-request");
  }
  http::Response assume(Fields more = {}) {
    more.insert(more.begin(), {{"RoleArn", deploy}, {"RoleSessionName", "ci"}});
    return ask("AssumeRole", more);
  }
  static std::string said(const http::Response& response) {
    return xmlText(response.body, "Code") + ": " + xmlText(response.body, "Message");
  }

  GateFixture gate;
  auth::Asker asker{
      {"123456789012", "eu-west-1"}, "sts", auth::user("123456789012", "dev", "AKIADEVDEVDEVDEVDEV0")};
};

TEST_F(Sts, TellsUsersAndRootsWhoTheyAre) {
  auto body = ask("GetCallerIdentity").body;
  EXPECT_EQ(xmlText(body, "Arn"), "arn:aws:iam::123456789012:user/dev");
  EXPECT_EQ(xmlText(body, "Account"), "123456789012");
  EXPECT_THAT(xmlText(body, "UserId"), MatchesRegex("AIDA[A-Z2-7]+"));
  EXPECT_EQ(xmlText(body, "UserId").size(), 21U);
  EXPECT_EQ(xmlText(body, "RequestId"), "the-request");
  asker.principal = auth::root("123456789012");
  asker.caller.region = "cn-north-1";
  body = ask("GetCallerIdentity").body;
  EXPECT_EQ(xmlText(body, "Arn"), "arn:aws-cn:iam::123456789012:root");
  EXPECT_EQ(xmlText(body, "UserId"), "123456789012");
}

TEST_F(Sts, GivesTheKeysOfARole) {
  const auto answer = assume({{"DurationSeconds", "900"}, {"SourceIdentity", "me"}});
  ASSERT_EQ(answer.status, 200U) << answer.body;
  const auto& body = answer.body;
  EXPECT_EQ(xmlText(body, "Arn"), "arn:aws:sts::210987654321:assumed-role/Deploy/ci") << "without its path";
  EXPECT_THAT(xmlText(body, "AssumedRoleId"), MatchesRegex("AROA[A-Z2-7]+:ci"));
  EXPECT_EQ(xmlText(body, "AssumedRoleId").size(), 21U + 3U);
  EXPECT_THAT(xmlText(body, "AccessKeyId"), MatchesRegex("ASIA[A-Z2-7]+"));
  EXPECT_EQ(xmlText(body, "AccessKeyId").size(), 20U);
  EXPECT_EQ(xmlText(body, "SecretAccessKey").size(), 40U);
  EXPECT_EQ(xmlText(body, "Expiration"), "2026-01-02T03:19:05Z");
  EXPECT_EQ(xmlText(body, "SourceIdentity"), "me");

  const auto session = gate.sessions().open(xmlText(body, "SessionToken"));
  ASSERT_TRUE(session);
  EXPECT_EQ(session->accessKeyId, xmlText(body, "AccessKeyId"));
  EXPECT_EQ(session->secretAccessKey, xmlText(body, "SecretAccessKey"));
  asker.principal = session->principal;
  const auto identity = ask("GetCallerIdentity").body;
  EXPECT_EQ(xmlText(identity, "Arn"), xmlText(body, "Arn"));
  EXPECT_EQ(xmlText(identity, "UserId"), xmlText(body, "AssumedRoleId"));
  EXPECT_EQ(xmlText(identity, "Account"), "210987654321");
}

TEST_F(Sts, TheKeysOfARoleLastAnHourUnlessTheySayOtherwise) {
  EXPECT_EQ(xmlText(assume().body, "Expiration"), "2026-01-02T04:04:05Z");
  EXPECT_EQ(assume({{"DurationSeconds", "43200"}}).status, 200U);
  EXPECT_EQ(
      said(assume({{"DurationSeconds", "899"}})),
      "ValidationError: 1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy "
      "constraint: Member must have value greater than or equal to 900");
  EXPECT_EQ(said(assume({{"DurationSeconds", "43201"}})),
            "ValidationError: 1 validation error detected: Value '43201' at 'durationSeconds' failed to "
            "satisfy constraint: Member must have value less than or equal to 43200");
  EXPECT_EQ(assume({{"DurationSeconds", "99999999999999999999"}}).status, 400U);
}

TEST_F(Sts, ARoleAssumedByARoleLastsAnHourAtMost) {
  asker.principal = {"123456789012", "assumed-role/First/ci", "AROAX:ci"};
  EXPECT_EQ(assume({{"DurationSeconds", "3600"}}).status, 200U);
  EXPECT_EQ(
      said(assume({{"DurationSeconds", "3601"}})),
      "ValidationError: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed "
      "by role chaining.");
}

TEST_F(Sts, ChecksWhatAssumeRoleIsSent) {
  EXPECT_EQ(said(ask("AssumeRole")),
            "ValidationError: 2 validation errors detected: Value null at 'roleArn' failed to satisfy "
            "constraint: Member must not be null; Value null at 'roleSessionName' failed to satisfy "
            "constraint: Member must not be null");
  const auto named = [&](const std::string& name) {
    return said(ask("AssumeRole", {{"RoleArn", deploy}, {"RoleSessionName", name}}));
  };
  EXPECT_EQ(named("not a name"),
            "ValidationError: 1 validation error detected: Value 'not a name' at 'roleSessionName' failed to "
            "satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*");
  EXPECT_THAT(named("x"), HasSubstr("Member must have length greater than or equal to 2"));
  EXPECT_THAT(named(std::string(65, 'x')), HasSubstr("Member must have length less than or equal to 64"));
  EXPECT_EQ(named("a+b=c,d.e@f-g"), ": ");
  const auto role = [&](const std::string& arn) {
    return said(ask("AssumeRole", {{"RoleArn", arn}, {"RoleSessionName", "ci"}}));
  };
  EXPECT_THAT(role("arn:aws:iam::1:role"), HasSubstr("Member must have length greater than or equal to 20"));
  for (const std::string arn : {"arn:aws:iam::210987654321:user/dev", "arn:aws:iam::12345:role/somebody",
                                "arn:aws:sts::210987654321:role/somebody", "arn:aws:iam::210987654321:role/"})
    EXPECT_EQ(role(arn), "ValidationError: " + arn + " is invalid");
}

TEST_F(Sts, GivesUsersSessionsOfTheirOwn) {
  const auto body = ask("GetSessionToken", {{"DurationSeconds", "129600"}}).body;
  EXPECT_EQ(xmlText(body, "Expiration"), "2026-01-03T15:04:05Z");
  const auto session = gate.sessions().open(xmlText(body, "SessionToken"));
  ASSERT_TRUE(session);
  EXPECT_EQ(session->principal.arn("aws"), "arn:aws:iam::123456789012:user/dev");
  asker.temporary = true;
  EXPECT_EQ(said(ask("GetSessionToken")),
            "AccessDenied: Cannot call GetSessionToken with session credentials");
  asker = {{"123456789012", "eu-west-1"}, "sts", auth::root("123456789012")};
  EXPECT_EQ(xmlText(ask("GetSessionToken").body, "Expiration"), "2026-01-02T04:04:05Z");
}

TEST_F(Sts, AFolderThatTakesNoKeyFailsTheRequestAlone) {
  auth::Sessions nowhere("/proc/none/session.key", systemSources());
  const http::Request request{"POST", "/", "", {}, "Action=GetSessionToken&Version=2011-06-15"};
  const auto answer = sts::answer(request, asker, nowhere, "the-request");
  EXPECT_EQ(answer.status, 500U);
  EXPECT_EQ(xmlText(answer.body, "Code"), "InternalFailure");
}

TEST_F(Sts, EscapesWhatItRepeats) {
  const auto body = ask("<b>&").body;
  EXPECT_THAT(body, HasSubstr("does not know the action &lt;b&gt;&amp; of sts."));
}

}  // namespace
}  // namespace athanor::local::test
