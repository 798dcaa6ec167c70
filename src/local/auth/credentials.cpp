#include "local/auth/credentials.h"

#include <fmt/format.h>

#include <algorithm>

#include "aws/config.h"
#include "base/error.h"

namespace athanor::local::auth {

namespace {

namespace fs = std::filesystem;

std::string setting(const aws::Config::Section& section, const std::string& name) {
  const auto found = section.find(name);
  return found == section.end() ? "" : found->second;
}

Error wrong(const fs::path& file, const std::string& profile, const std::string& why) {
  return Error(ErrorCode::usage, fmt::format("{}: profile \"{}\" {}", file.string(), profile, why))
      .next("A profile has aws_access_key_id and aws_secret_access_key, and may have aws_account_id.");
}

bool isAccount(const std::string& text) {
  return text.size() == 12 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Credentials Credentials::read(const fs::path& file, const std::string& account) {
  std::error_code error;
  if (!fs::exists(file, error))
    throw Error(ErrorCode::usage, fmt::format("there is no file of credentials at {}", file.string()))
        .next(
            "It has the format of ~/.aws/credentials: [profile], aws_access_key_id, "
            "aws_secret_access_key.");
  Credentials out;
  for (const auto& [profile, section] : aws::sectionsOf(file.string())) {
    const auto id = setting(section, "aws_access_key_id");
    const auto secret = setting(section, "aws_secret_access_key");
    if (id.empty() && secret.empty()) continue;
    if (id.empty() || secret.empty())
      throw wrong(file, profile,
                  fmt::format("has no aws_{}_key{}", id.empty() ? "access" : "secret_access",
                              id.empty() ? "_id" : ""));
    if (section.contains("aws_session_token"))
      throw wrong(file, profile, "has a session token: keys that are good here do not expire");
    auto owner = setting(section, "aws_account_id");
    if (owner.empty()) owner = account;
    if (!isAccount(owner))
      throw wrong(file, profile, fmt::format("has aws_account_id \"{}\", which is not 12 digits", owner));
    if (!out.keys_.emplace(id, Keys{secret, user(owner, profile, id)}).second)
      throw wrong(file, profile, fmt::format("has the access key {} of another profile", id));
  }
  if (out.keys_.empty())
    throw Error(ErrorCode::usage, fmt::format("{} has no keys, so that nobody could ask", file.string()))
        .next("Add a profile with aws_access_key_id and aws_secret_access_key.");
  return out;
}

const Credentials::Keys* Credentials::find(const std::string& accessKeyId) const {
  const auto found = keys_.find(accessKeyId);
  return found == keys_.end() ? nullptr : &found->second;
}

bool readableByOthers(const fs::path& file) {
  std::error_code error;
  const auto permissions = fs::status(file, error).permissions();
  constexpr auto others = fs::perms::group_read | fs::perms::others_read;
  return !error && (permissions & others) != fs::perms::none;
}

}  // namespace athanor::local::auth
