#include "local/base64.h"

#include <openssl/evp.h>

namespace athanor::local {

namespace {

const unsigned char* bytesOf(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4, '\0');
  // Writes a zero after the end, where std::string has one anyway.
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytesOf(bytes),
                  static_cast<int>(bytes.size()));
  return out;
}

std::optional<std::string> unbase64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return {};
  std::string out(text.size() / 4 * 3, '\0');
  if (EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytesOf(text),
                      static_cast<int>(text.size())) < 0)
    return {};
  for (auto end = text; end.ends_with('=') && !out.empty(); end.remove_suffix(1)) out.pop_back();
  return out;
}

}  // namespace athanor::local
