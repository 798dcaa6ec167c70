// Credentials that are asked for over HTTP without a signature: of a container, of an instance, and of IAM
// Identity Center.
#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <sstream>

#include "aws/credential_chain.h"
#include "aws/credential_process.h"
#include "aws/text.h"
#include "aws/time.h"
#include "aws/uri.h"
#include "base/json.h"

namespace athanor::aws {
namespace {

HttpRequest getRequest(std::string url, Headers headers, std::chrono::milliseconds timeout) {
  HttpRequest out;
  out.url = std::move(url);
  out.headers = std::move(headers);
  out.timeout = out.connectTimeout = timeout;
  return out;
}

std::string contents(const std::string& path) {
  std::ifstream file(path);
  std::stringstream out;
  out << file.rdbuf();
  return out.str();
}

std::string at(const Config::Section& section, const std::string& key) {
  const auto found = section.find(key);
  return found == section.end() ? "" : found->second;
}

/// The name of a cached token's file: the SHA-1 of what it is for, as the AWS CLI writes it.
std::string sha1(const std::string& text) {
  std::array<unsigned char, 20> digest{};
  unsigned length = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha1(), nullptr);
  std::string out;
  for (auto byte : digest) out += fmt::format("{:02x}", byte);
  return out;
}

}  // namespace

Task<std::optional<Credentials>> CredentialChain::fromContainer() {
  auto url = environment_.get("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (const auto relative = environment_.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"); !relative.empty())
    url = "http://169.254.170.2" + relative;
  if (url.empty()) co_return std::nullopt;
  const auto uri = parseUri(url);
  const bool local = uri && (uri->loopback() || uri->host == "169.254.170.2" ||
                             uri->host == "169.254.170.23" || uri->host == "fd00:ec2::23");
  if (!uri || (uri->scheme == "http" && !local))
    throw Error(
        ErrorCode::credentials,
        fmt::format("AWS_CONTAINER_CREDENTIALS_FULL_URI is {}, which is neither https nor this machine",
                    url));
  Headers headers;
  auto token = environment_.get("AWS_CONTAINER_AUTHORIZATION_TOKEN");
  if (const auto file = environment_.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"); !file.empty())
    token = trim(contents(file));
  if (!token.empty()) headers.emplace_back("Authorization", token);
  const auto response = co_await http_.send(getRequest(url, headers, std::chrono::seconds(2)));
  if (response.status != 200)
    throw Error(ErrorCode::credentials,
                fmt::format("the container's credentials at {} were refused: status {} {}", url,
                            response.status, trim(response.body.substr(0, 200))));
  co_return credentialsFromJson(response.body, "the container's credentials at " + url);
}

/// IMDSv2: a token first. No answer means that this is no instance.
Task<std::optional<Credentials>> CredentialChain::fromInstance() {
  if (environment_.flag("AWS_EC2_METADATA_DISABLED")) co_return std::nullopt;
  auto base = environment_.get("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://169.254.169.254");
  while (base.ends_with('/')) base.pop_back();
  const auto timeout = std::chrono::seconds(1);
  try {
    auto ask =
        getRequest(base + "/latest/api/token", {{"X-aws-ec2-metadata-token-ttl-seconds", "21600"}}, timeout);
    ask.method = "PUT";
    const auto token = co_await http_.send(ask);
    if (token.status != 200) co_return std::nullopt;
    const Headers headers = {{"X-aws-ec2-metadata-token", token.body}};
    const auto path = base + "/latest/meta-data/iam/security-credentials/";
    const auto roles = co_await http_.send(getRequest(path, headers, timeout));
    const auto role = std::string(trim(roles.body.substr(0, roles.body.find('\n'))));
    if (roles.status != 200 || role.empty()) co_return std::nullopt;
    const auto keys = co_await http_.send(getRequest(path + role, headers, timeout));
    if (keys.status != 200) co_return std::nullopt;
    co_return credentialsFromJson(keys.body, "the instance's role " + role);
  } catch (const Unreachable&) {
    co_return std::nullopt;
  }
}

Task<Credentials> CredentialChain::fromSingleSignOn(std::string name, Config::Section profile) {
  auto session = at(profile, "sso_session");
  auto settings = profile;
  if (!session.empty()) {
    const auto* section = config_.section("sso-session", session);
    if (!section)
      throw Error(ErrorCode::credentials,
                  fmt::format("profile \"{}\" names sso_session {}, which {} does not have", name, session,
                              config_.configFile()));
    settings.insert(section->begin(), section->end());
  }
  const auto region = at(settings, "sso_region"), account = at(settings, "sso_account_id"),
             role = at(settings, "sso_role_name");
  const auto signIn = fmt::format("Sign in with `aws sso login --profile {}`.", name);
  if (region.empty() || account.empty() || role.empty())
    throw Error(ErrorCode::credentials,
                fmt::format("profile \"{}\" lacks sso_region, sso_account_id or sso_role_name", name))
        .next("Run `aws configure sso`.");
  const auto path = environment_.expand(
      "~/.aws/sso/cache/" + sha1(session.empty() ? at(settings, "sso_start_url") : session) + ".json");
  const auto cached = Json::parse(contents(path), nullptr, false);
  const auto token = stringAt(cached, "accessToken");
  const auto expires = parseIsoTime(stringAt(cached, "expiresAt"));
  if (token.empty() || !expires || *expires <= loop_.now())
    throw Error(ErrorCode::credentials, fmt::format("the sign-in of profile \"{}\" {}", name,
                                                    token.empty() ? "is not there" : "has expired"))
        .next(signIn)
        .with("looked in " + path);
  const auto base = environment_.get("AWS_ENDPOINT_URL_SSO",
                                     "https://portal.sso." + region + "." + partitionOf(region).suffix);
  const auto url = fmt::format("{}/federation/credentials?role_name={}&account_id={}", base,
                               percentEncode(role), percentEncode(account));
  const auto response =
      co_await http_.send(getRequest(url, {{"x-amz-sso_bearer_token", token}}, std::chrono::seconds(30)));
  const auto answer = Json::parse(response.body, nullptr, false);
  if (response.status != 200 || !answer.is_object())
    throw Error(ErrorCode::credentials,
                fmt::format("IAM Identity Center refused role {} in account {}: {}", role, account,
                            stringAt(answer, "message", "status " + std::to_string(response.status))))
        .next(signIn);
  const auto keys = answer.value("roleCredentials", Json::object());
  Credentials out{.key = {stringAt(keys, "accessKeyId"), stringAt(keys, "secretAccessKey"),
                          stringAt(keys, "sessionToken")},
                  .expires = fromEpoch(keys.value("expiration", 0.0) / 1000),
                  .from = fmt::format("IAM Identity Center, profile \"{}\"", name)};
  co_return out;
}

}  // namespace athanor::aws
