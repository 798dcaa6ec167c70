#include "aws/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/aws_home.h"
#include "aws/time.h"
#include "aws/uri.h"
#include "base/error.h"

namespace athanor::aws {
namespace {

using testing::HasSubstr;

TEST(Config, MergesBothFilesWithTheCredentialsFileFirst) {
  AwsHome home;
  home.config(
      "[default]\nregion = eu-west-1\naws_access_key_id = from-config\n"
      "[profile dev]  # mine\nregion=us-west-2 ; there\n[sso-session work]\nsso_region = eu-north-1\n");
  home.credentials("[default]\naws_access_key_id = from-credentials\n[other]\naws_access_key_id = o\n");
  const auto config = Config::load(home.environment);
  EXPECT_EQ(config.profile("default")->at("aws_access_key_id"), "from-credentials");
  EXPECT_EQ(config.profile("default")->at("region"), "eu-west-1");
  EXPECT_EQ(config.profile("dev")->at("region"), "us-west-2");
  EXPECT_EQ(config.section("sso-session", "work")->at("sso_region"), "eu-north-1");
  EXPECT_EQ(config.profiles(), (std::vector<std::string>{"default", "dev", "other"}));
  EXPECT_FALSE(config.profile("nobody"));
}

TEST(Config, WithoutFilesIsEmpty) { EXPECT_TRUE(Config::load(AwsHome().environment).profiles().empty()); }

TEST(Config, NamesFileAndLineOfWhatItCannotRead) {
  for (const char* text :
       {"[default]\nregion eu-west-1\n", "[default]\n[profile broken\n", "\nregion = x\n"}) {
    AwsHome home;
    home.config(text);
    try {
      (void)Config::load(home.environment);
      FAIL() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::usage);
      EXPECT_THAT(error.what(), HasSubstr("/config:2: "));
    }
  }
}

TEST(Config, FindsTheRegionInTheSdksOrder) {
  AwsHome home;
  home.config("[default]\nregion = eu-west-1\n[profile dev]\nregion = us-west-2\n");
  const auto config = Config::load(home.environment);
  auto& variables = home.environment.variables;
  auto region = [&](const Selection& selection) { return regionOf(home.environment, config, selection); };
  EXPECT_EQ(region({}), "eu-west-1");
  variables["AWS_PROFILE"] = "dev";
  EXPECT_EQ(region({}), "us-west-2");
  variables["AWS_DEFAULT_REGION"] = "ap-south-1";
  EXPECT_EQ(region({}), "ap-south-1");
  variables["AWS_REGION"] = "ap-east-1";
  EXPECT_EQ(region({}), "ap-east-1");
  EXPECT_EQ(region({"dev", "", ""}), "us-west-2");
  EXPECT_EQ(region({"dev", "sa-east-1", ""}), "sa-east-1");
}

TEST(Config, FindsTheEndpointInTheSdksOrder) {
  AwsHome home;
  home.config(
      "[default]\nendpoint_url = http://everything\nservices = mine\n"
      "[services mine]\ncloudcontrol =\n  endpoint_url = http://cc-only\ns3 =\n  endpoint_url = http://s3\n");
  const auto config = Config::load(home.environment);
  auto& variables = home.environment.variables;
  auto url = [&](const char* service, const std::string& given = "") {
    return configuredEndpoint(home.environment, config, {"", "", given}, service);
  };
  EXPECT_EQ(url("STS"), "http://everything");
  EXPECT_EQ(url("CLOUDCONTROL"), "http://cc-only");
  variables["AWS_ENDPOINT_URL"] = "http://env";
  EXPECT_EQ(url("CLOUDCONTROL"), "http://env");
  variables["AWS_ENDPOINT_URL_CLOUDCONTROL"] = "http://env-cc";
  EXPECT_EQ(url("CLOUDCONTROL"), "http://env-cc");
  EXPECT_EQ(url("STS"), "http://env");
  variables["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true";
  EXPECT_EQ(url("CLOUDCONTROL"), "");
  EXPECT_EQ(url("CLOUDCONTROL", "http://given"), "http://given");
}

TEST(Config, KnowsThePartitionOfARegion) {
  EXPECT_EQ(serviceUrl("cloudcontrolapi", "eu-west-1"), "https://cloudcontrolapi.eu-west-1.amazonaws.com");
  EXPECT_EQ(serviceUrl("sts", "cn-north-1"), "https://sts.cn-north-1.amazonaws.com.cn");
  EXPECT_EQ(serviceUrl("sts", "us-gov-west-1", true), "https://sts-fips.us-gov-west-1.amazonaws.com");
  EXPECT_EQ(partitionOf("us-gov-west-1").name, "aws-us-gov");
  EXPECT_EQ(partitionOf("us-isob-east-1").name, "aws-iso-b");
}

TEST(Uri, TakesUrlsApart) {
  const auto uri = parseUri("HTTP://user@Example.com:8080/a/b?c=d#e");
  ASSERT_TRUE(uri);
  EXPECT_EQ(uri->scheme, "http");
  EXPECT_EQ(uri->host, "example.com");
  EXPECT_EQ(uri->authority, "example.com:8080");
  EXPECT_EQ(uri->path, "/a/b");
  EXPECT_EQ(uri->query, "c=d");
  EXPECT_EQ(parseUri("https://[::1]:443")->authority, "[::1]");
  EXPECT_TRUE(parseUri("https://[::1]")->loopback());
  EXPECT_EQ(parseUri("http://h?x=1")->path, "/");
  for (const char* none : {"", "example.com", "ftp://x", "http://", "http://h:port", "http://h:99999"})
    EXPECT_FALSE(parseUri(none)) << none;
}

TEST(Uri, DecodesWhatItEncodes) {
  const std::string text = "a b/ü%~+&=\x01";
  EXPECT_EQ(percentDecode(percentEncode(text)), text);
  EXPECT_EQ(percentDecode("%zz%4"), "%zz%4");
  EXPECT_EQ(percentDecode("%41"), "A");
}

TEST(Time, ReadsTheFormsThatAwsWrites) {
  using std::chrono::milliseconds;
  const auto base = fromEpoch(1767323045);  // 2026-01-02T03:04:05Z
  EXPECT_EQ(parseIsoTime("2026-01-02T03:04:05Z"), base);
  EXPECT_EQ(parseIsoTime("2026-01-02T03:04:05.250Z"), base + milliseconds(250));
  EXPECT_EQ(parseIsoTime("2026-01-02T04:04:05+01:00"), base);
  EXPECT_EQ(parseIsoTime("2026-01-02T03:04:05"), base);
  EXPECT_EQ(parseIsoTime("2026-01-02T03:04:05UTC"), base);
  EXPECT_EQ(parseHttpDate("Fri, 02 Jan 2026 03:04:05 GMT"), base);
  for (const char* none : {"", "soon", "2026-13-02T03:04:05Z", "2026-01-02", "2026-01-02T03:04:05 or so"})
    EXPECT_FALSE(parseIsoTime(none)) << none;
  EXPECT_FALSE(parseHttpDate("Friday"));
}

}  // namespace
}  // namespace athanor::aws
