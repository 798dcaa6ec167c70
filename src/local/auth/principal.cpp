#include "local/auth/principal.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace athanor::local::auth {

bool Principal::role() const { return resource.starts_with("assumed-role/"); }

std::string Principal::arn(std::string_view partition) const {
  return fmt::format("arn:{}:{}::{}:{}", partition, role() ? "sts" : "iam", account, resource);
}

Principal root(const std::string& account) { return {account, "root", account}; }

Principal user(const std::string& account, std::string_view name, std::string_view accessKeyId) {
  // What IAM allows in a user's name: [\w+=,.@-], 64 at most (API reference of CreateUser).
  std::string resource = "user/";
  for (const char c : name.substr(0, 64)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("_+=,.@-").contains(c);
    resource += plain ? c : '-';
  }
  return {account, resource, uniqueId("AIDA", accessKeyId)};
}

std::string uniqueId(std::string_view prefix, std::string_view text) {
  constexpr std::size_t length = 17;
  std::array<unsigned char, 32> digest{};
  unsigned size = digest.size();
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::string out(prefix);
  for (std::size_t i = 0; i < length; ++i) out += idLetters[digest[i] % idLetters.size()];
  return out;
}

}  // namespace athanor::local::auth
