#include "local/auth/sessions.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <utility>

#include "aws/sigv4.h"
#include "base/json.h"
#include "base/random_text.h"
#include "local/auth/principal.h"
#include "local/base64.h"
#include "local/private_file.h"

namespace athanor::local::auth {

namespace {

constexpr std::size_t macSize = 32;
constexpr std::size_t secretBytes = 30;  // 40 characters, as AWS's
constexpr std::size_t longestToken = 8192;

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string mac(std::string_view key, std::string_view purpose, std::string_view text) {
  const auto data = std::string(purpose) + "\n" + std::string(text);
  std::string out(macSize, '\0');
  unsigned size = macSize;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes(data), data.size(),
       reinterpret_cast<unsigned char*>(out.data()), &size);
  return out;
}

std::string secretOf(std::string_view key, std::string_view said) {
  return base64(std::string_view(mac(key, "secret", said)).substr(0, secretBytes));
}

std::string temporaryId(const Sources& sources) { return "ASIA" + randomText(sources.random, idLetters, 16); }

}  // namespace

Sessions::Sessions(std::filesystem::path keyFile, Sources sources)
    : keyFile_(std::move(keyFile)), sources_(std::move(sources)) {}

const std::string& Sessions::key() {
  if (key_.empty())
    key_ = keptPrivately(keyFile_, [this] {
      std::string made;
      for (int i = 0; i < 4; ++i) {
        auto drawn = sources_.random();
        for (int j = 0; j < 8; ++j, drawn >>= 8) made += static_cast<char>(drawn & 0xFF);
      }
      return made;
    });
  return key_;
}

TemporaryKeys Sessions::issue(const Principal& principal, std::chrono::seconds life) {
  TemporaryKeys out;
  out.accessKeyId = temporaryId(sources_);
  out.expires = std::chrono::floor<std::chrono::seconds>(sources_.now() + life);
  const auto said = Json{{"key", out.accessKeyId},
                         {"account", principal.account},
                         {"resource", principal.resource},
                         {"userId", principal.userId},
                         {"expires", std::chrono::system_clock::to_time_t(out.expires)}}
                        .dump(-1, ' ', true, Json::error_handler_t::replace);
  out.secretAccessKey = secretOf(key(), said);
  out.sessionToken = base64(mac(key(), "token", said) + said);
  return out;
}

std::optional<Session> Sessions::open(std::string_view token) {
  const auto whole = token.size() <= longestToken ? unbase64(token) : std::nullopt;
  if (!whole || whole->size() <= macSize) return {};
  const auto said = std::string_view(*whole).substr(macSize);
  if (!aws::sigv4::same(std::string_view(*whole).substr(0, macSize), mac(key(), "token", said))) return {};
  const auto session = Json::parse(said);  // ours, so it parses
  return Session{.accessKeyId = session.at("key"),
                 .secretAccessKey = secretOf(key(), said),
                 .principal = {session.at("account"), session.at("resource"), session.at("userId")},
                 .expires = std::chrono::system_clock::from_time_t(session.at("expires").get<std::time_t>())};
}

}  // namespace athanor::local::auth
