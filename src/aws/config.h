#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "aws/environment.h"

namespace athanor::aws {

/// The user's AWS configuration: ~/.aws/config and ~/.aws/credentials, or the files that AWS_CONFIG_FILE and
/// AWS_SHARED_CREDENTIALS_FILE name.
class Config {
 public:
  using Section = std::map<std::string, std::string>;

  /// A file that does not exist is an empty one. Throws Error(usage) that names file and line where one is
  /// malformed, and Error(credentials) where one cannot be read.
  static Config load(const Environment& environment);

  /// A profile's settings, those of the credentials file first; null where neither file has it.
  const Section* profile(const std::string& name) const;
  std::vector<std::string> profiles() const;
  /// A section of the config file of another kind: section("sso-session", "work").
  const Section* section(const std::string& kind, const std::string& name) const;

  const std::string& configFile() const { return configFile_; }
  const std::string& credentialsFile() const { return credentialsFile_; }

 private:
  std::string configFile_, credentialsFile_;
  std::map<std::string, Section> profiles_;
  std::map<std::string, Section> sections_;  ///< "sso-session work"
};

/// The sections of one file in the format of ~/.aws/credentials, settings in lower case; none where the file
/// does not exist. Throws as Config::load does.
std::map<std::string, Config::Section> sectionsOf(const std::string& file);

/// What configuration says for one command, in the order the SDKs look: the command line, the environment,
/// the profile.
struct Selection {
  std::string profile;  ///< of the command line or a declaration; "" = the environment's
  std::string region;
  std::string endpoint;
};

/// The profile's name: `chosen`, AWS_PROFILE, AWS_DEFAULT_PROFILE, else "default".
std::string profileName(const Environment& environment, const std::string& chosen);
/// The region; "" where nothing names one.
std::string regionOf(const Environment& environment, const Config& config, const Selection& selection);
/// The URL that the user set for a service ("CLOUDCONTROL", "STS"); "" for AWS's own.
std::string configuredEndpoint(const Environment& environment, const Config& config,
                               const Selection& selection, const std::string& service);

/// The partition that a region belongs to.
struct Partition {
  std::string name;    ///< "aws", "aws-cn" …
  std::string suffix;  ///< "amazonaws.com"
};
Partition partitionOf(const std::string& region);
/// AWS's own URL for a service ("cloudcontrolapi", "sts") in a region.
std::string serviceUrl(const std::string& service, const std::string& region, bool fips = false);

}  // namespace athanor::aws
