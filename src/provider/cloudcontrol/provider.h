#pragma once

#include <map>
#include <string>

#include "provider/cloudcontrol/client.h"
#include "provider/provider.h"
#include "schema/catalogue.h"

namespace athanor::provider::cloudcontrol {

struct ProviderOptions {
  /// True where AWS itself answers: what only the AWS that runs here honours is translated or refused.
  bool translate = false;
  /// Leaves out what AWS would not honour, instead of refusing it.
  bool allowLossy = false;
  std::string s3 = {};  ///< the URL of S3; "" = AWS's own
  /// How long an operation that holds the resource is waited for.
  std::chrono::milliseconds conflictPatience{std::chrono::hours(1)};
  /// How long a resource that was just created may be unknown to reads.
  std::chrono::milliseconds settling{15'000};
};

/// AWS's resource types in one target, through Cloud Control.
class CloudControlProvider final : public Provider {
 public:
  /// `catalogue` outlives the provider, as do the client's parts.
  CloudControlProvider(ClientParts parts, ClientOptions client, const schema::Catalogue& catalogue,
                       Target target, ProviderOptions options = {});

  const Target& target() const override { return target_; }
  Json wire(const std::string& type, const Json& props) override;
  Call createCall(const std::string& type, const Json& props, const std::string& token) override;
  std::optional<Call> updateCall(const std::string& type, const std::string& identifier, const Json& live,
                                 const Json& before, const Json& desired, const std::string& token) override;
  Call deleteCall(const std::string& type, const std::string& identifier, const std::string& token) override;

  Task<Progress> submit(Call call) override;
  Task<Progress> status(std::string requestToken) override;
  Task<Progress> wait(Progress progress, std::chrono::steady_clock::time_point deadline) override;
  Task<std::optional<Live>> read(std::string type, std::string identifier) override;
  Task<std::vector<Live>> list(std::string type, Json resourceModel) override;
  Task<> empty(std::string type, std::string identifier,
               std::chrono::steady_clock::time_point deadline) override;
  Task<std::vector<Progress>> requests(std::chrono::system_clock::time_point since) override;

 private:
  Task<Progress> send(const Call* call);
  Task<> waitForOther(std::string requestToken, std::chrono::steady_clock::time_point deadline);
  std::chrono::milliseconds pollPause() const;
  void noteOutcome(Progress& progress);
  Json translated(const std::string& type, const Json& props, bool refuse) const;

  ClientParts parts_;
  Client client_;
  const schema::Catalogue& catalogue_;
  Target target_;
  ProviderOptions options_;
  int polling_ = 0;  ///< operations that are waited for
  /// What was created here a moment ago, if only halfway, and when: reads may not know it yet.
  std::map<std::pair<std::string, std::string>, std::chrono::steady_clock::time_point> fresh_;
};

}  // namespace athanor::provider::cloudcontrol
