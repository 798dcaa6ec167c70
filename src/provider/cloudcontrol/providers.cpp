#include "provider/cloudcontrol/providers.h"

#include <fmt/format.h>

#include "aws/credential_chain.h"
#include "aws/sts.h"
#include "aws/uri.h"

namespace athanor::provider::cloudcontrol {

/// What an AWS that runs here says of itself.
struct CloudControlProviders::Health {
  std::string id, account, region;
  bool verifies = false;  ///< requests must be signed with keys that it knows
};

/// Keys for an AWS that runs here and verifies signatures: where the user's configuration has them, and roles
/// from its own STS.
struct CloudControlProviders::LocalKeys {
  LocalKeys(Loop& loop, aws::HttpClient& http, aws::Environment its, const aws::Config& config,
            aws::Selection selection)
      : environment(std::move(its)), chain(loop, http, environment, config, std::move(selection)) {}
  aws::Environment environment;
  aws::CredentialChain chain;
};

struct CloudControlProviders::Known {
  Target target;
  std::string url;   ///< of Cloud Control
  std::string s3;    ///< of S3; "" = AWS's own
  bool own = false;  ///< AWS's own URL, which changes with the region
  aws::CredentialSource* credentials = nullptr;
  std::unique_ptr<CloudControlProvider> provider;
};

namespace {

bool isLocal(const Target& target) { return target.endpoint.starts_with("local:"); }

/// True for AWS's own hosts, private endpoints included: the same resources as at the usual URL.
bool belongsToAws(const std::string& url, const std::string& region) {
  const auto uri = aws::parseUri(url);
  return uri && uri->host.ends_with("." + aws::partitionOf(region).suffix);
}

Error noRegion() {
  return Error(ErrorCode::usage, "no AWS region is set")
      .next("Give --region, set AWS_REGION, or add `region` to the profile in ~/.aws/config.");
}

}  // namespace

CloudControlProviders::CloudControlProviders(Loop& loop, aws::HttpClient& http,
                                             const schema::Catalogue& catalogue, aws::Environment environment,
                                             Access access, aws::Random random)
    : loop_(loop),
      http_(http),
      catalogue_(catalogue),
      environment_(std::move(environment)),
      access_(std::move(access)),
      random_(std::move(random)),
      governor_(loop, random_) {}
CloudControlProviders::~CloudControlProviders() = default;

const aws::Config& CloudControlProviders::config() {
  if (!config_) config_ = aws::Config::load(environment_);
  return *config_;
}

aws::CredentialSource& CloudControlProviders::credentials(const aws::Selection& selection) {
  auto& source = sources_[selection.profile];
  if (!source)
    source = std::make_unique<aws::CredentialChain>(loop_, http_, environment_, config(), selection);
  return *source;
}

aws::CredentialSource& CloudControlProviders::localKeys(const aws::Selection& selection,
                                                        const std::string& endpoint, bool verified) {
  if (verified) {
    auto& made = verifiedKeys_[{endpoint, selection.profile}];
    if (!made) {
      auto environment = environment_;
      environment.variables.emplace("AWS_ENDPOINT_URL_STS", endpoint);
      made = std::make_unique<LocalKeys>(loop_, http_, std::move(environment), config(), selection);
    }
    return made->chain;
  }
  if (!anyKeys_)
    anyKeys_ = std::make_unique<aws::FixedCredentials>(aws::Credentials{
        .key = {environment_.get("AWS_ACCESS_KEY_ID", "test"),
                environment_.get("AWS_SECRET_ACCESS_KEY", "test"), environment_.get("AWS_SESSION_TOKEN")},
        .from = "the environment"});
  return *anyKeys_;
}

Task<Target> CloudControlProviders::target(std::string region, std::string profile) {
  const std::pair key(region, profile);
  auto found = asked_.find(key);
  if (found == asked_.end())
    found = asked_.emplace(key, start(resolve(std::move(region), std::move(profile)))).first;
  return [](Later<Target> answer) -> Task<Target> { co_return co_await answer; }(found->second);
}

Task<Target> CloudControlProviders::resolve(std::string wantedRegion, std::string wantedProfile) {
  const aws::Selection selection{.profile = wantedProfile.empty() ? access_.profile : wantedProfile,
                                 .region = wantedRegion.empty() ? access_.region : wantedRegion,
                                 .endpoint = access_.endpoint};
  auto region = aws::regionOf(environment_, config(), selection);
  const auto endpoint = aws::configuredEndpoint(environment_, config(), selection, "CLOUDCONTROL");
  if (!endpoint.empty() && !belongsToAws(endpoint, region)) {
    if (!aws::parseUri(endpoint))
      throw Error(ErrorCode::usage, fmt::format("the endpoint \"{}\" is no http or https URL", endpoint))
          .next("Write it as http://127.0.0.1:4566.");
    if (const auto health = co_await probe(endpoint)) {
      if (region.empty()) region = health->region;
      auto& keys = localKeys(selection, endpoint, health->verifies);
      Target target{aws::partitionOf(region).name, health->account, region, "local:" + health->id};
      if (health->verifies)
        target.account =
            (co_await aws::sts::callerIdentity(loop_, http_, {endpoint, region}, (co_await keys.get()).key))
                .account;
      co_return know(std::move(target), endpoint, endpoint, keys).target;
    }
  }
  if (region.empty()) throw noRegion();
  auto& keys = credentials(selection);
  Target target{aws::partitionOf(region).name, co_await accountOf(selection, region, endpoint, &keys), region,
                ""};
  if (!endpoint.empty() && !belongsToAws(endpoint, region)) target.endpoint = endpoint;
  const auto url = endpoint.empty() ? aws::serviceUrl("cloudcontrolapi", region,
                                                      environment_.flag("AWS_USE_FIPS_ENDPOINT"))
                                    : endpoint;
  auto s3 = s3Url(selection, target.endpoint);
  auto& known = know(std::move(target), url, std::move(s3), keys);
  known.own = endpoint.empty();
  co_return known.target;
}

/// Asks an endpoint whether it is an AWS that runs here; any other answer means that it is not.
Task<std::optional<CloudControlProviders::Health>> CloudControlProviders::probe(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  aws::HttpRequest request;
  request.url = url + "/_athanor/health";
  request.timeout = std::chrono::seconds(10);
  const auto answer = co_await http_.send(request);
  const auto body = Json::parse(answer.body, nullptr, false);
  if (answer.status != 200 || stringAt(body, "athanor").empty() || stringAt(body, "id").empty())
    co_return std::nullopt;
  co_return Health{stringAt(body, "id"), stringAt(body, "account"), stringAt(body, "region", "us-east-1"),
                   stringAt(body, "signatures") == "checked"};
}

Task<std::string> CloudControlProviders::accountOf(aws::Selection selection, std::string region,
                                                   std::string endpoint, aws::CredentialSource* source) {
  const bool foreign = !endpoint.empty() && !belongsToAws(endpoint, region);
  auto url = aws::configuredEndpoint(environment_, config(),
                                     {.profile = selection.profile, .region = {}, .endpoint = {}}, "STS");
  if (url.empty() && foreign && endpoint == access_.endpoint) url = endpoint;  // --endpoint is all there is
  if (url.empty()) url = aws::serviceUrl("sts", region, environment_.flag("AWS_USE_FIPS_ENDPOINT"));
  const auto keys = co_await source->get();
  try {
    co_return (co_await aws::sts::callerIdentity(loop_, http_, {url, region}, keys.key)).account;
  } catch (const Error& error) {
    // Something that stands in for Cloud Control alone has no STS, and no accounts to confuse.
    if (foreign && url == endpoint && error.code() != ErrorCode::credentials) co_return "";
    throw Error(error.code(), error.what()).next(error.hint()).with("credentials from " + keys.from);
  }
}

/// A `foreign` endpoint of Cloud Control, one that is not AWS's, serves S3 as well unless S3 has one of its
/// own: what is deployed there is never looked for in AWS itself.
std::string CloudControlProviders::s3Url(const aws::Selection& selection, const std::string& foreign) {
  if (!foreign.empty() && foreign == access_.endpoint) return foreign;
  const auto set = aws::configuredEndpoint(
      environment_, config(), {.profile = selection.profile, .region = {}, .endpoint = {}}, "S3");
  return set.empty() ? foreign : set;
}

CloudControlProviders::Known& CloudControlProviders::know(Target target, std::string url, std::string s3,
                                                          aws::CredentialSource& keys) {
  auto& known = known_[toString(target)];
  if (known.provider) return known;
  known.target = target;
  known.url = url;
  known.s3 = s3;
  known.credentials = &keys;
  known.provider = std::make_unique<CloudControlProvider>(
      ClientParts{loop_, http_, keys, governor_, random_},
      ClientOptions{.endpoint = std::move(url), .region = target.region, .account = target.account},
      catalogue_, target,
      ProviderOptions{.translate = !isLocal(target), .allowLossy = access_.allowLossy, .s3 = std::move(s3)});
  return known;
}

Provider& CloudControlProviders::provider(const Target& target) {
  if (auto found = known_.find(toString(target)); found != known_.end() && found->second.target == target)
    return *found->second.provider;
  std::string leads;
  for (auto& [name, known] : known_) {
    auto elsewhere = known.target;
    elsewhere.region = target.region;
    if (elsewhere == target) {  // another region of the same account
      const auto url = known.own ? aws::serviceUrl("cloudcontrolapi", target.region,
                                                   environment_.flag("AWS_USE_FIPS_ENDPOINT"))
                                 : known.url;
      auto& added = know(target, url, known.s3, *known.credentials);
      added.own = known.own;
      return *added.provider;
    }
    leads += (leads.empty() ? "" : " and ") + name;
  }
  throw Error(ErrorCode::refused, fmt::format("what is deployed lies in {}, but this command leads to {}",
                                              toString(target), leads.empty() ? "nothing yet" : leads))
      .next(isLocal(target) ? "Use --local or --endpoint with the URL of that AWS, or another --stage."
                            : "Choose that account with --profile, and its endpoint with --endpoint, or use "
                              "another --stage.");
}

}  // namespace athanor::provider::cloudcontrol
