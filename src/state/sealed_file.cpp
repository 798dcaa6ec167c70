#include "state/sealed_file.h"

#include <fmt/format.h>
#include <sodium.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "state/files.h"

namespace athanor::state {

namespace fs = std::filesystem;

namespace {

constexpr int format = 1;

std::string toHex(std::string_view bytes) {
  std::string out;
  for (const unsigned char byte : bytes) out += fmt::format("{:02x}", byte);
  return out;
}

std::string fromHex(const std::string& text) {
  std::string out(text.size() / 2, '\0');
  std::size_t size = 0;
  if (sodium_hex2bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(), text.size(),
                     nullptr, &size, nullptr) != 0)
    return "";
  out.resize(size);
  return out;
}

struct Parts {
  Json line;
  std::string sealed;
};

Parts partsOf(const fs::path& file, const std::string& kind) {
  const auto bytes = readAll(file);
  if (!bytes) throw Error(ErrorCode::notFound, fmt::format("there is no {} {}", kind, file.string()));
  const auto end = bytes->find('\n');
  auto line = Json::parse(bytes->substr(0, end), nullptr, false);
  if (end == std::string::npos || !line.is_object() || stringAt(line, "athanor") != kind)
    throw Error(ErrorCode::usage, fmt::format("{} is no {}", file.string(), kind));
  if (line.value("format", 0) != format)
    throw Error(ErrorCode::usage, fmt::format("{} was written by another version of athanor", file.string()));
  return {std::move(line), bytes->substr(end + 1)};
}

}  // namespace

void writeSealed(const fs::path& file, const std::string& kind, const SealedFile& content, const Key& key) {
  const auto salt = Sealer::newSalt();
  Sealer sealer(key, salt, {});
  const Json line = {
      {"athanor", kind}, {"format", format}, {"salt", toHex(salt)}, {"heading", content.heading}};
  // What anyone can read is sealed as well, so that it cannot be changed unseen.
  const Json whole = {{"heading", content.heading}, {"body", content.body}};
  const auto bytes = line.dump() + "\n" + sealer.seal(whole.dump());
  const auto [descriptor, temporary] = newBeside(file);
  try {
    writeAll(descriptor, bytes, temporary);
    if (::rename(temporary.c_str(), file.c_str()) != 0) throw fileError("write", file, errno);
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
}

Json sealedHeading(const fs::path& file, const std::string& kind) {
  return partsOf(file, kind).line.value("heading", Json::object());
}

SealedFile readSealed(const fs::path& file, const std::string& kind, const Key& key) {
  const auto parts = partsOf(file, kind);
  const auto damaged = Error(ErrorCode::state, fmt::format("{} is damaged", file.string()));
  const auto salt = fromHex(stringAt(parts.line, "salt"));
  if (salt.size() != Sealer::saltSize) throw Error(damaged);
  const auto plain = Sealer(key, salt, {}).open(parts.sealed);
  if (!plain)
    throw Error(ErrorCode::state, fmt::format("{} is sealed, and its key is not at hand", file.string()))
        .next("it needs " + key.file.string() + " or ATHANOR_PASSWORD, as where it was saved");
  auto whole = Json::parse(*plain, nullptr, false);
  if (!whole.is_object() || whole["heading"] != parts.line["heading"]) throw Error(damaged);
  return {std::move(whole["heading"]), std::move(whole["body"])};
}

std::string versionOf(const std::vector<Resource>& resources) {
  crypto_generichash_state hash;
  crypto_generichash_init(&hash, nullptr, 0, crypto_generichash_BYTES);
  for (const auto& resource : resources) {
    const auto text = toJson(resource).dump();
    crypto_generichash_update(&hash, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  std::string out(crypto_generichash_BYTES, '\0');
  crypto_generichash_final(&hash, reinterpret_cast<unsigned char*>(out.data()), out.size());
  return toHex(out);
}

}  // namespace athanor::state
