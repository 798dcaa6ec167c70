#include "aws/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "aws/text.h"
#include "base/error.h"

namespace athanor::aws {
namespace {

/// Reads one file of sections. A setting with indented lines below it ("cloudcontrol =\n  endpoint_url = …")
/// becomes settings of dotted names.
class Reader {
 public:
  explicit Reader(std::string path) : path_(std::move(path)) {}

  std::map<std::string, Config::Section> read() {
    std::ifstream file(path_);
    if (!file) {
      if (errno == ENOENT || errno == ENOTDIR) return {};
      throw Error(ErrorCode::credentials, fmt::format("cannot read {}: {}", path_, std::strerror(errno)))
          .next("Check the file's owner and permissions.");
    }
    for (std::string text; std::getline(file, text);) {
      ++number_;
      line(text);
    }
    return std::move(sections_);
  }

 private:
  void line(std::string_view raw) {
    const auto text = withoutComment(raw);
    if (text.empty()) return;
    if (text.front() == '[') return heading(text);
    if (!section_) fail("a setting stands before the first [section]");
    const auto equals = text.find('=');
    if (equals == std::string_view::npos)
      fail(fmt::format("\"{}\" is neither a [section] nor a setting", text));
    const auto key = lower(trim(text.substr(0, equals)));
    const auto value = trim(text.substr(equals + 1));
    const bool nested = raw.front() == ' ' || raw.front() == '\t';
    if (!nested) parent_ = key;
    (*section_)[nested ? parent_ + "." + key : key] = value;
  }

  void heading(std::string_view text) {
    if (text.back() != ']') fail("a section's name has no \"]\" at its end");
    std::string name;
    for (auto rest = trim(text.substr(1, text.size() - 2)); !rest.empty();) {
      const auto word = rest.substr(0, rest.find_first_of(" \t"));
      if (!name.empty()) name += ' ';
      for (char c : word)
        if (c != '"' && c != '\'') name += c;
      rest = trim(rest.substr(word.size()));
    }
    section_ = &sections_[name];
    parent_.clear();
  }

  static std::string_view withoutComment(std::string_view raw) {
    auto text = trim(raw);
    if (text.empty() || text.front() == '#' || text.front() == ';') return {};
    for (const auto* mark : {" #", " ;", "\t#", "\t;"})
      if (text.front() != '[') text = trim(text.substr(0, text.find(mark)));
    if (text.front() == '[')
      text = text.substr(0, text.find(']') == std::string_view::npos ? text.size() : text.find(']') + 1);
    return text;
  }

  [[noreturn]] void fail(const std::string& why) const {
    throw Error(ErrorCode::usage, fmt::format("{}:{}: {}", path_, number_, why))
        .next("Mend the line; `aws configure list` shows what the AWS CLI makes of the file.");
  }

  std::string path_;
  int number_ = 0;
  std::map<std::string, Config::Section> sections_;
  Config::Section* section_ = nullptr;
  std::string parent_;
};

std::string setting(const Config::Section* section, const std::string& key) {
  if (!section) return "";
  const auto found = section->find(key);
  return found == section->end() ? "" : found->second;
}

}  // namespace

std::map<std::string, Config::Section> sectionsOf(const std::string& file) { return Reader(file).read(); }

Config Config::load(const Environment& environment) {
  Config out;
  out.configFile_ = environment.expand(environment.get("AWS_CONFIG_FILE", "~/.aws/config"));
  out.credentialsFile_ =
      environment.expand(environment.get("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials"));
  for (auto& [name, section] : sectionsOf(out.credentialsFile_)) out.profiles_[name] = std::move(section);
  for (auto& [name, section] : sectionsOf(out.configFile_)) {
    if (name == "default" || name.starts_with("profile "))
      out.profiles_[name == "default" ? name : name.substr(8)].merge(section);
    else
      out.sections_[name] = std::move(section);
  }
  return out;
}

const Config::Section* Config::profile(const std::string& name) const {
  const auto found = profiles_.find(name);
  return found == profiles_.end() ? nullptr : &found->second;
}

std::vector<std::string> Config::profiles() const {
  std::vector<std::string> out;
  for (const auto& [name, section] : profiles_) out.push_back(name);
  return out;
}

const Config::Section* Config::section(const std::string& kind, const std::string& name) const {
  const auto found = sections_.find(kind + " " + name);
  return found == sections_.end() ? nullptr : &found->second;
}

std::string profileName(const Environment& environment, const std::string& chosen) {
  if (!chosen.empty()) return chosen;
  const auto named = environment.first({"AWS_PROFILE", "AWS_DEFAULT_PROFILE"});
  return named.empty() ? "default" : named;
}

std::string regionOf(const Environment& environment, const Config& config, const Selection& selection) {
  if (!selection.region.empty()) return selection.region;
  const auto* profile = config.profile(profileName(environment, selection.profile));
  // A profile that was asked for by name brings its own region; the environment's is for the environment's.
  if (!selection.profile.empty())
    if (auto region = setting(profile, "region"); !region.empty()) return region;
  if (auto region = environment.first({"AWS_REGION", "AWS_DEFAULT_REGION"}); !region.empty()) return region;
  return setting(profile, "region");
}

std::string configuredEndpoint(const Environment& environment, const Config& config,
                               const Selection& selection, const std::string& service) {
  if (!selection.endpoint.empty()) return selection.endpoint;
  if (environment.flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")) return "";
  if (auto url = environment.get("AWS_ENDPOINT_URL_" + service); !url.empty()) return url;
  if (auto url = environment.get("AWS_ENDPOINT_URL"); !url.empty()) return url;
  const auto* profile = config.profile(profileName(environment, selection.profile));
  if (lower(setting(profile, "ignore_configured_endpoint_urls")) == "true") return "";
  const auto* services = config.section("services", setting(profile, "services"));
  if (auto url = setting(services, lower(service) + ".endpoint_url"); !url.empty()) return url;
  return setting(profile, "endpoint_url");
}

Partition partitionOf(const std::string& region) {
  struct Row {
    std::string_view prefix, name, suffix;
  };
  static constexpr std::array<Row, 7> rows = {{{"cn-", "aws-cn", "amazonaws.com.cn"},
                                               {"us-gov-", "aws-us-gov", "amazonaws.com"},
                                               {"us-iso-", "aws-iso", "c2s.ic.gov"},
                                               {"us-isob-", "aws-iso-b", "sc2s.sgov.gov"},
                                               {"eu-isoe-", "aws-iso-e", "cloud.adc-e.uk"},
                                               {"us-isof-", "aws-iso-f", "csp.hci.ic.gov"},
                                               {"eusc-", "aws-eusc", "amazonaws.eu"}}};
  for (const auto& row : rows)
    if (region.starts_with(row.prefix)) return {std::string(row.name), std::string(row.suffix)};
  return {"aws", "amazonaws.com"};
}

std::string serviceUrl(const std::string& service, const std::string& region, bool fips) {
  return fmt::format("https://{}{}.{}.{}", service, fips ? "-fips" : "", region, partitionOf(region).suffix);
}

}  // namespace athanor::aws
