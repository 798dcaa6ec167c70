#include "local/tls/authority.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "../fixtures.h"
#include "base/error.h"

namespace athanor::local::test {
namespace {

using std::chrono::days;
using testing::HasSubstr;
namespace fs = std::filesystem;

const Time start{std::chrono::seconds(1'800'000'000)};

/// What `openssl` says of a certificate, or of how it fits an authority.
Ended openssl(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "/usr/bin/openssl");
  return run(arguments, {"PATH=/usr/bin:/bin"});
}

std::string contents(const fs::path& file) {
  std::ostringstream out;
  out << std::ifstream(file).rdbuf();
  return out.str();
}

TEST(Authority, IsMadeOnceAndItsKeyIsItsOwnersAlone) {
  const TempFolder data;
  const auto folder = data.path() / "tls";
  const tls::Authority first(folder, start);
  EXPECT_EQ(first.file(), folder / "ca.pem");
  EXPECT_EQ(fs::status(folder / "ca.key").permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_NE(fs::status(folder / "ca.pem").permissions() & fs::perms::others_read, fs::perms::none);
  EXPECT_EQ(first.expires(), start + days(3650));
  EXPECT_EQ(tls::Authority(folder, start + days(1)).fingerprint(), first.fingerprint());
  EXPECT_NE(tls::Authority(data.path() / "other", start).fingerprint(), first.fingerprint());
}

TEST(Authority, IssuesWhatOpensslAccepts) {
  const TempFolder data;
  const tls::Authority authority(data.path(), start);
  const auto made = authority.issue({"localhost", "127.0.0.1", "::1", "build-7"}, start);
  EXPECT_EQ(made.expires, start + days(397));
  const auto file = data.path() / "server.pem";
  std::ofstream(file) << made.chain;
  const auto verify = [&](Time at, const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {
        "verify",   "-x509_strict",
        "-purpose", "sslserver",
        "-attime",  std::to_string(std::chrono::system_clock::to_time_t(at)),
        "-CAfile",  authority.file().string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    arguments.push_back(file.string());
    return openssl(arguments);
  };
  for (const std::string name : {"localhost", "build-7"})
    EXPECT_EQ(verify(start, {"-verify_hostname", name}).status, 0)
        << verify(start, {"-verify_hostname", name}).err;
  for (const std::string address : {"127.0.0.1", "::1"})
    EXPECT_EQ(verify(start, {"-verify_ip", address}).status, 0);
  EXPECT_NE(verify(start, {"-verify_hostname", "example.com"}).status, 0);
  EXPECT_NE(verify(start + days(398), {}).status, 0);
}

TEST(Authority, IsRenewedForTheSameKeyBeforeItExpires) {
  const TempFolder data;
  const tls::Authority first(data.path(), start);
  const auto key = contents(data.path() / "ca.key");
  const auto later = start + days(3650 - 89);
  const tls::Authority second(data.path(), later);
  EXPECT_NE(second.fingerprint(), first.fingerprint());
  EXPECT_EQ(second.expires(), later + days(3650));
  EXPECT_EQ(contents(data.path() / "ca.key"), key);
  EXPECT_EQ(first.issue({"localhost"}, start + days(3649)).expires, first.expires())
      << "no longer than itself";
}

TEST(Authority, ThatIsDamagedIsAnErrorOfState) {
  const TempFolder data;
  {
    const tls::Authority made(data.path(), start);
  }
  std::ofstream(data.path() / "ca.key") << "nonsense";
  try {
    const tls::Authority damaged(data.path(), start);
    FAIL() << "made of nonsense";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::state);
    EXPECT_THAT(error.what(), HasSubstr("ca.key holds no private key"));
  }
}

TEST(Certificates, AreMadeWhenFirstNeededAndRenewedAMonthBeforeTheirEnd) {
  const TempFolder data;
  auto now = start;
  tls::Certificates certificates(data.path() / "tls", {"localhost"},
                                 {.now = [&] { return now; }, .random = [] { return 7; }});
  EXPECT_FALSE(fs::exists(data.path() / "tls"));
  const auto first = certificates.current();
  EXPECT_EQ(certificates.current(), first);
  now = first->expires - days(30);
  EXPECT_EQ(certificates.current(), first);
  now += std::chrono::seconds(1);
  const auto second = certificates.current();
  EXPECT_NE(second, first);
  EXPECT_EQ(second->expires, std::chrono::floor<std::chrono::seconds>(now) + days(397));
}

}  // namespace
}  // namespace athanor::local::test
