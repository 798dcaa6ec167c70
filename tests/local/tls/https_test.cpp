#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "../fixtures.h"
#include "../wire.h"
#include "local/tls/authority.h"

namespace athanor::local::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Https : public testing::Test {
 protected:
  Ended curl(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"/usr/bin/curl", "-sS", "--max-time", "60"});
    return run(arguments, {"PATH=/usr/bin:/bin"});
  }
  std::string base(const std::string& host = "127.0.0.1") const {
    return "https://" + host + ":" + std::to_string(portOf(server.url()));
  }
  std::string url(const std::string& host) const { return base(host) + "/_athanor/health"; }
  /// Where the authority is, which is made if need be.
  std::string authority() const {
    return tls::Authority(data.path() / "tls", std::chrono::system_clock::now()).file().string();
  }

  TempFolder data;
  Server server{onFreePort(data.path()), catalogue()};
};

TEST_F(Https, IsServedOnThePortOfHttpToWhoTrustsTheAuthority) {
  EXPECT_FALSE(std::filesystem::exists(data.path() / "tls")) << "made when first needed";
  for (const std::string host : {"127.0.0.1", "localhost"}) {
    const auto got = curl({"--cacert", authority(), url(host)});
    ASSERT_EQ(got.status, 0) << got.err;
    EXPECT_EQ(Json::parse(got.out).at("id"), server.id());
  }
  EXPECT_EQ(curl({url("127.0.0.1")}).status, 60) << "curl's number for a certificate that it cannot verify";
  EXPECT_EQ(Json::parse(curl({server.url() + "/_athanor/health"}).out).at("id"), server.id());
}

TEST_F(Https, KeepsConnectionsAndTakesLargeBodies) {
  const auto file = data.path() / "body";
  std::ofstream(file) << "{\"TypeName\":\"" << std::string(1'000'000, 'x') << "\"}";
  const auto got = curl({"--cacert", authority(), "-H", "X-Amz-Target: CloudApiService.ListResources", "-H",
                         "Content-Type: application/x-amz-json-1.0", "--data-binary", "@" + file.string(),
                         "-w", "%{num_connects}\n", base(), base()});
  EXPECT_EQ(got.status, 0) << got.err;
  EXPECT_THAT(got.out, HasSubstr("}1\n"));
  EXPECT_THAT(got.out, HasSubstr("}0\n")) << "the second request needed no connection";
  std::ofstream(file) << std::string(5'000'000, 'x');
  EXPECT_THAT(
      curl({"--cacert", authority(), "--data-binary", "@" + file.string(), "-w", "%{http_code}", base()}).out,
      HasSubstr("413"));
}

TEST_F(Https, ServesBoto3) {
  const auto ended = run({"/usr/bin/python3", "-c", R"py(
import boto3, sys
cc = boto3.client('cloudcontrol', endpoint_url=sys.argv[1], region_name='eu-central-1')
print(cc.create_resource(TypeName='AWS::IVS::Channel', DesiredState='{}')['ProgressEvent']['OperationStatus'])
)py",
                          base()},
                         {"PATH=/usr/bin:/bin", "HOME=/nonexistent", "AWS_ACCESS_KEY_ID=test",
                          "AWS_SECRET_ACCESS_KEY=test", "AWS_CA_BUNDLE=" + authority()});
  EXPECT_EQ(ended.out, "SUCCESS\n") << ended.err;
}

TEST_F(Https, ABadHandshakeCostsOneConnection) {
  Wire half(server.url());
  half.send(std::string("\x16\x03\x01\x00\x40\x01\x00\x00\x3c\x03\x03", 11));  // and then nothing
  Wire wire(server.url());
  wire.send(std::string("\x16\x03\x01\x00\x40\x01\x00\x00\x3c\x03\x03", 11) + std::string(200, 'x'));
  const auto answer = wire.rest();
  EXPECT_THAT(answer, StartsWith("\x15\x03")) << "an alert, and the end";
  Wire other(server.url());
  other.send("GET /_athanor/health HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(other.receive("\r\n\r\n"), StartsWith("HTTP/1.1 200 OK"));
}

}  // namespace
}  // namespace athanor::local::test
