#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "local/auth/principal.h"

namespace athanor::local::auth {

/// The keys that requests may be signed with.
class Credentials {
 public:
  struct Keys {
    std::string secretAccessKey;
    Principal principal;
  };

  /// Reads a file in the format of ~/.aws/credentials: each profile with aws_access_key_id and
  /// aws_secret_access_key is a user of that name, of the account aws_account_id, else of `account`. Throws
  /// Error(usage) where the file is malformed or has no keys, Error(credentials) where it cannot be read.
  static Credentials read(const std::filesystem::path& file, const std::string& account);

  /// Null where nobody has that access key.
  const Keys* find(const std::string& accessKeyId) const;

 private:
  std::map<std::string, Keys> keys_;
};

/// True where others than its owner may read a file.
bool readableByOthers(const std::filesystem::path& file);

}  // namespace athanor::local::auth
