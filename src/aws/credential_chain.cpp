#include "aws/credential_chain.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>

#include "aws/credential_process.h"
#include "aws/sts.h"
#include "aws/text.h"
#include "aws/time.h"

namespace athanor::aws {
namespace {

constexpr auto refreshAhead = std::chrono::minutes(5);    // new ones are looked for
constexpr auto unusableAhead = std::chrono::seconds(30);  // the old ones no longer do

std::string at(const Config::Section& section, const std::string& key) {
  const auto found = section.find(key);
  return found == section.end() ? "" : found->second;
}

Error broken(const std::string& profile, const std::string& why) {
  return Error(ErrorCode::credentials, fmt::format("profile \"{}\" {}", profile, why));
}

std::optional<Credentials> keysOf(const std::string& name, const Config::Section& profile) {
  const auto id = at(profile, "aws_access_key_id"), secret = at(profile, "aws_secret_access_key");
  if (id.empty() && secret.empty()) return std::nullopt;
  if (id.empty() || secret.empty())
    throw broken(name,
                 fmt::format("has {} but no {}", id.empty() ? "aws_secret_access_key" : "aws_access_key_id",
                             id.empty() ? "aws_access_key_id" : "aws_secret_access_key"))
        .next("Add the other half, or take this one away.");
  return Credentials{.key = {id, secret, at(profile, "aws_session_token")},
                     .from = fmt::format("profile \"{}\"", name)};
}

}  // namespace

CredentialChain::CredentialChain(Loop& loop, HttpClient& http, const Environment& environment,
                                 const Config& config, Selection selection)
    : loop_(loop),
      http_(http),
      environment_(environment),
      config_(config),
      selection_(std::move(selection)) {}

Task<Credentials> CredentialChain::get() {
  const auto left = [this] { return current_->expires.value_or(WallTime::max()) - loop_.now(); };
  if (current_ && left() > refreshAhead) co_return *current_;
  auto search = searching_ ? *searching_ : start(searchOnce());
  if (!search.settled()) searching_ = search;
  std::exception_ptr failed;
  try {
    co_return co_await search;
  } catch (const Error&) {
    failed = std::current_exception();
  }
  // The old ones do for a while yet: whoever gives new ones may be back by then.
  if (current_ && left() > unusableAhead) co_return *current_;
  std::rethrow_exception(failed);
}

Task<Credentials> CredentialChain::searchOnce() {
  std::exception_ptr failed;
  try {
    current_ = co_await find();
  } catch (const Error&) {
    failed = std::current_exception();
  }
  searching_.reset();
  if (failed) std::rethrow_exception(failed);
  co_return *current_;
}

std::string CredentialChain::sessionName(const std::string& chosen) const {
  if (!chosen.empty()) return chosen;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(loop_.now().time_since_epoch());
  return environment_.get("AWS_ROLE_SESSION_NAME", fmt::format("athanor-{}", seconds.count()));
}

std::pair<std::string, std::string> CredentialChain::sts(const std::string& own) const {
  auto region = regionOf(environment_, config_, selection_);
  if (region.empty()) region = own.empty() ? "us-east-1" : own;
  // --endpoint is Cloud Control's; STS is asked where the environment says, or at AWS.
  auto url = configuredEndpoint(environment_, config_,
                                {.profile = selection_.profile, .region = {}, .endpoint = {}}, "STS");
  if (url.empty()) url = serviceUrl("sts", region, environment_.flag("AWS_USE_FIPS_ENDPOINT"));
  return {url, region};
}

std::optional<Credentials> CredentialChain::fromEnvironment() const {
  const auto id = environment_.get("AWS_ACCESS_KEY_ID"), secret = environment_.get("AWS_SECRET_ACCESS_KEY");
  if (id.empty() && secret.empty()) return std::nullopt;
  if (id.empty() || secret.empty())
    throw Error(
        ErrorCode::credentials,
        fmt::format("{} is set but {} is not", id.empty() ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID",
                    id.empty() ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY"))
        .next("Set both, or neither.");
  return Credentials{.key = {id, secret, environment_.get("AWS_SESSION_TOKEN")}, .from = "the environment"};
}

Task<Credentials> CredentialChain::find() {
  const auto name = profileName(environment_, selection_.profile);
  const bool named =
      !selection_.profile.empty() || !environment_.first({"AWS_PROFILE", "AWS_DEFAULT_PROFILE"}).empty();
  if (selection_.profile.empty())
    if (auto found = fromEnvironment()) co_return *found;
  const auto* profile = config_.profile(name);
  if (named && !profile)
    throw broken(name,
                 fmt::format("is neither in {} nor in {}", config_.configFile(), config_.credentialsFile()))
        .next(config_.profiles().empty()
                  ? "The files have no profiles at all: `aws configure` makes one."
                  : fmt::format("They have: {}.", fmt::join(config_.profiles(), ", ")));
  const auto tokenFile = environment_.get("AWS_WEB_IDENTITY_TOKEN_FILE"),
             role = environment_.get("AWS_ROLE_ARN");
  const bool profileHasRole = profile && !at(*profile, "role_arn").empty();
  if (!tokenFile.empty() && !role.empty() && selection_.profile.empty() && !profileHasRole)
    co_return co_await fromWebIdentity(tokenFile, role, "", "the web identity in " + tokenFile);
  if (profile)
    if (auto found = co_await fromProfile(name, {})) co_return *found;
  if (auto found = co_await fromContainer()) co_return *found;
  if (auto found = co_await fromInstance()) co_return *found;
  throw Error(ErrorCode::credentials, "no AWS credentials were found")
      .next(
          "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, choose a profile with --profile or AWS_PROFILE, "
          "or "
          "run `aws configure`. To deploy without AWS, use --local.")
      .with(fmt::format(
          "looked in: the environment; profile \"{}\" of {} and {}; a container's credentials "
          "(AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and _FULL_URI are not set); the instance's metadata{}",
          name, config_.credentialsFile(), config_.configFile(),
          environment_.flag("AWS_EC2_METADATA_DISABLED") ? " (switched off by AWS_EC2_METADATA_DISABLED)"
                                                         : " (no answer)"));
}

Task<std::optional<Credentials>> CredentialChain::fromProfile(std::string name,
                                                              std::vector<std::string> visited) {
  const auto* found = config_.profile(name);
  if (!found) {
    const auto* chain = "is a source_profile but stands in neither file";
    throw broken(name, chain).next(fmt::format("The files have: {}.", fmt::join(config_.profiles(), ", ")));
  }
  const auto profile = *found;
  const auto role = at(profile, "role_arn"), tokenFile = at(profile, "web_identity_token_file");
  // A profile that is its own source means its own keys.
  const bool again = std::ranges::find(visited, name) != visited.end();
  if (!again && !role.empty() && !tokenFile.empty())
    co_return co_await fromWebIdentity(environment_.expand(tokenFile), role, at(profile, "role_session_name"),
                                       fmt::format("profile \"{}\"", name));
  if (!again && !role.empty()) {
    visited.push_back(name);
    co_return co_await fromRole(name, profile, std::move(visited));
  }
  if (!again && (!at(profile, "sso_session").empty() || !at(profile, "sso_start_url").empty()))
    co_return co_await fromSingleSignOn(name, profile);
  if (auto keys = keysOf(name, profile)) co_return keys;
  if (const auto process = at(profile, "credential_process"); !process.empty())
    co_return runCredentialProcess(process);
  if (again || !visited.empty())
    throw broken(name, "is the source of a role but has no credentials")
        .next("Give it keys, or name another source_profile.");
  co_return std::nullopt;
}

Task<Credentials> CredentialChain::fromSource(std::string name, std::string source) {
  std::optional<Credentials> found;
  if (source == "Environment")
    found = fromEnvironment();
  else if (source == "EcsContainer")
    found = co_await fromContainer();
  else if (source == "Ec2InstanceMetadata")
    found = co_await fromInstance();
  else
    throw broken(name, fmt::format("has the credential_source \"{}\"", source))
        .next("It can be Environment, EcsContainer or Ec2InstanceMetadata.");
  if (!found) throw broken(name, fmt::format("takes its credentials from {}, which has none", source));
  co_return *found;
}

Task<Credentials> CredentialChain::fromRole(std::string name, Config::Section profile,
                                            std::vector<std::string> visited) {
  const auto role = at(profile, "role_arn"), source = at(profile, "source_profile"),
             place = at(profile, "credential_source");
  if (source.empty() == place.empty())
    throw broken(name, source.empty() ? "has a role_arn but neither source_profile nor credential_source"
                                      : "has both source_profile and credential_source")
        .next("Name one of them: whose keys assume the role.");
  if (!at(profile, "mfa_serial").empty())
    throw broken(name, "needs a code of a second factor (mfa_serial), which Athanor does not ask for")
        .next(
            "Get keys for a session with `aws sts assume-role --token-code` and set them in the "
            "environment.");
  if (!source.empty() && source != name && std::ranges::find(visited, source) != visited.end())
    throw broken(name, fmt::format("names source_profile {}, which leads back to it", source));
  Credentials base;
  if (!place.empty()) {
    base = co_await fromSource(name, place);
  } else if (auto found = co_await fromProfile(source, visited)) {
    base = *found;
  } else {
    throw broken(source, "is the source of a role but has no credentials");
  }
  sts::Fields fields = {{"RoleArn", role},
                        {"RoleSessionName", sessionName(at(profile, "role_session_name"))}};
  if (auto value = at(profile, "duration_seconds"); !value.empty())
    fields.emplace_back("DurationSeconds", value);
  if (auto value = at(profile, "external_id"); !value.empty()) fields.emplace_back("ExternalId", value);
  const auto [url, region] = sts(at(profile, "region"));
  auto out = co_await sts::assumeRole(loop_, http_, {url, region}, base.key, std::move(fields));
  out.from = fmt::format("role {} of profile \"{}\"", role, name);
  co_return out;
}

Task<Credentials> CredentialChain::fromWebIdentity(std::string tokenFile, std::string role,
                                                   std::string session, std::string from) {
  std::ifstream file(tokenFile);
  const std::string token{std::istreambuf_iterator<char>(file), {}};
  if (!file || trim(token).empty())
    throw Error(ErrorCode::credentials, fmt::format("cannot read a web identity token from {}", tokenFile))
        .next("Check web_identity_token_file or AWS_WEB_IDENTITY_TOKEN_FILE.");
  sts::Fields fields = {{"RoleArn", role},
                        {"RoleSessionName", sessionName(session)},
                        {"WebIdentityToken", std::string(trim(token))}};
  const auto [url, region] = sts("");
  auto out = co_await sts::assumeRoleWithWebIdentity(http_, {url, region}, std::move(fields));
  out.from = from;
  co_return out;
}

}  // namespace athanor::aws
