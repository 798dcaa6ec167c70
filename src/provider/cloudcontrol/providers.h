#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "aws/config.h"
#include "aws/credentials.h"
#include "aws/environment.h"
#include "aws/governor.h"
#include "aws/http.h"
#include "base/loop.h"
#include "provider/cloudcontrol/provider.h"
#include "provider/provider.h"
#include "schema/catalogue.h"

namespace athanor::provider::cloudcontrol {

/// What the command line says; "" = what the environment and the AWS configuration say.
struct Access {
  std::string region = {};
  std::string profile = {};
  std::string endpoint = {};  ///< a URL of Cloud Control: --endpoint, or that of the AWS that runs here
  bool allowLossy = false;    ///< on AWS, leave out what only the AWS that runs here honours
};

/// Finds out which AWS a region and profile lead to, and keeps a provider for each. An endpoint whose health
/// answer names Athanor is an AWS that runs here: it needs no credentials. The loop, the HTTP client and the
/// catalogue outlive it.
class CloudControlProviders final : public Providers {
 public:
  CloudControlProviders(Loop& loop, aws::HttpClient& http, const schema::Catalogue& catalogue,
                        aws::Environment environment, Access access,
                        aws::Random random = aws::systemRandom());
  ~CloudControlProviders() override;

  /// Throws Error(usage) where no region is set or the endpoint is no URL, Error(unreachable) and
  /// Error(credentials).
  Task<Target> target(std::string region, std::string profile) override;
  Provider& provider(const Target& target) override;

 private:
  struct Health;
  struct Known;
  struct LocalKeys;
  Task<Target> resolve(std::string region, std::string profile);
  Task<std::optional<Health>> probe(std::string url);
  Task<std::string> accountOf(aws::Selection selection, std::string region, std::string endpoint,
                              aws::CredentialSource* credentials);
  aws::CredentialSource& credentials(const aws::Selection& selection);
  aws::CredentialSource& localKeys(const aws::Selection& selection, const std::string& endpoint,
                                   bool verified);
  const aws::Config& config();
  std::string s3Url(const aws::Selection& selection, const std::string& foreign);
  Known& know(Target target, std::string url, std::string s3, aws::CredentialSource& credentials);

  Loop& loop_;
  aws::HttpClient& http_;
  const schema::Catalogue& catalogue_;
  aws::Environment environment_;
  Access access_;
  aws::Random random_;
  aws::Governor governor_;
  std::optional<aws::Config> config_;
  std::unique_ptr<aws::CredentialSource> anyKeys_;  // for an AWS that runs here and verifies nothing
  std::map<std::pair<std::string, std::string>, std::unique_ptr<LocalKeys>> verifiedKeys_;  // by URL, profile
  std::map<std::string, std::unique_ptr<aws::CredentialSource>> sources_;                   // by profile
  std::map<std::pair<std::string, std::string>, Later<Target>> asked_;  // by region and profile
  std::map<std::string, Known> known_;                                  // by the target's name
};

}  // namespace athanor::provider::cloudcontrol
