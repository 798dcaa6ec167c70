#include "local/ivs/keys.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

#include "local/base64.h"
#include "local/ivs/arn.h"

namespace athanor::local::ivs {

using cloudcontrol::Birth;
using cloudcontrol::HandlerFailure;
using cloudcontrol::World;

namespace {

/// The bytes of a PEM block; the text itself where it is none.
std::string decoded(const std::string& pem) {
  std::string text;
  for (std::size_t at = 0; at < pem.size();) {
    const auto end = std::min(pem.find('\n', at), pem.size());
    const auto line = pem.substr(at, end - at);
    if (!line.starts_with("-----")) text += line;
    at = end + 1;
  }
  std::erase_if(text, [](char c) { return c == '\r' || c == ' '; });
  return unbase64(text).value_or(pem);
}

/// MD5 as pairs of hexadecimal digits between colons: how AWS shows the fingerprint of a key.
std::string fingerprint(const std::string& bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_md5(), nullptr);
  std::string out;
  for (unsigned i = 0; i < size; ++i) out += fmt::format("{}{:02x}", i == 0 ? "" : ":", digest[i]);
  return out;
}

}  // namespace

void StreamKey::complete(World& world, const Birth& birth, Json& model) const {
  const auto channel = stringAt(model, "ChannelArn");
  if (!world.find("AWS::IVS::Channel", channel))
    throw HandlerFailure("NotFound", fmt::format("Channel {} was not found.", channel));
  for (const auto& holder : world.holders(channel))
    if (holder.type == "AWS::IVS::StreamKey")
      throw HandlerFailure(
          "ServiceLimitExceeded",
          fmt::format("Limit exceeded for resource of type 'AWS::IVS::StreamKey'. Reason: Channel {} "
                      "has a stream key already.",
                      channel));
  model["Arn"] = arn(birth, "stream-key");
  model["Value"] = fmt::format("sk_{}_{}_{}", birth.caller.region, birth.id, randomId(*birth.sources, 30));
}

std::vector<std::string> StreamKey::holds(const Json& model) const { return {stringAt(model, "ChannelArn")}; }

void KeyPair::complete(World&, const Birth& birth, Json& model) const {
  model["Arn"] = arn(birth, resource_);
  model["Fingerprint"] = fingerprint(decoded(stringAt(model, "PublicKeyMaterial", birth.id)));
}

}  // namespace athanor::local::ivs
