#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "aws/config.h"
#include "aws/credentials.h"
#include "aws/environment.h"
#include "aws/http.h"
#include "base/loop.h"

namespace athanor::aws {

/// Finds credentials where the AWS SDKs find them, in their order: the environment; the profile (a role, a
/// web identity, IAM Identity Center, keys, a process); the container; the instance. They are kept until
/// shortly before they expire; several that ask at once cause one search. All that it is given outlives it.
class CredentialChain final : public CredentialSource {
 public:
  /// Of `selection`, a profile skips the environment's keys; the region is where STS is asked.
  CredentialChain(Loop& loop, HttpClient& http, const Environment& environment, const Config& config,
                  Selection selection);

  Task<Credentials> get() override;
  void reject() override { current_.reset(); }

 private:
  Task<Credentials> searchOnce();
  Task<Credentials> find();
  Task<std::optional<Credentials>> fromProfile(std::string name, std::vector<std::string> visited);
  Task<Credentials> fromRole(std::string name, Config::Section profile, std::vector<std::string> visited);
  Task<Credentials> fromSource(std::string name, std::string source);
  Task<Credentials> fromWebIdentity(std::string tokenFile, std::string role, std::string session,
                                    std::string from);
  Task<Credentials> fromSingleSignOn(std::string name, Config::Section profile);
  std::optional<Credentials> fromEnvironment() const;
  Task<std::optional<Credentials>> fromContainer();
  Task<std::optional<Credentials>> fromInstance();
  std::string sessionName(const std::string& chosen) const;
  /// `region` is the profile's own, for where the command names none.
  std::pair<std::string, std::string> sts(const std::string& region) const;  // URL, region

  Loop& loop_;
  HttpClient& http_;
  const Environment& environment_;
  const Config& config_;
  Selection selection_;
  std::optional<Credentials> current_;
  std::optional<Later<Credentials>> searching_;
};

}  // namespace athanor::aws
