#include "state/secrets.h"

#include <sodium.h>

#include <charconv>

#include "base/reference.h"

namespace athanor::state {

namespace {

constexpr auto sealedKey = "$athanor.sealed";
constexpr auto encoding = sodium_base64_VARIANT_ORIGINAL;

std::string toBase64(const std::string& binary) {
  std::string text(sodium_base64_ENCODED_LEN(binary.size(), encoding), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(binary.data()),
                    binary.size(), encoding);
  text.pop_back();  // the terminating zero
  return text;
}

std::string fromBase64(const std::string& text) {
  std::string binary(text.size(), '\0');
  std::size_t size = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(binary.data()), binary.size(), text.data(),
                        text.size(), nullptr, &size, nullptr, encoding) != 0)
    size = 0;  // opening nothing says that it is damaged
  binary.resize(size);
  return binary;
}

void sealValue(Json& value, Sealer& sealer) {
  if (isSealed(value) || value.is_null() || asReference(value)) return;
  value = Json{{sealedKey, toBase64(sealer.seal(value.dump()))}};
}

/// The pointer's first token, unescaped, and what follows it.
std::pair<std::string, std::string_view> split(std::string_view pointer) {
  pointer.remove_prefix(1);
  const auto end = std::min(pointer.find('/'), pointer.size());
  return {unescapePointer(pointer.substr(0, end)), pointer.substr(end)};
}

Json* memberOf(Json& value, const std::string& token) {
  if (value.is_object()) {
    auto found = value.find(token);
    return found == value.end() ? nullptr : &*found;
  }
  std::size_t index = 0;
  const auto [end, failure] = std::from_chars(token.data(), token.data() + token.size(), index);
  const bool isIndex = failure == std::errc() && end == token.data() + token.size();
  return value.is_array() && isIndex && index < value.size() ? &value[index] : nullptr;
}

void sealBelow(Json& value, std::string_view pointer, Sealer& sealer) {
  if (pointer.empty() || pointer.front() != '/') return sealValue(value, sealer);
  if (!value.is_structured() || isSealed(value) || isUnknown(value)) return;
  const auto [token, rest] = split(pointer);
  if (token == "*") {
    for (auto& inner : value) sealBelow(inner, rest, sealer);
  } else if (auto* member = memberOf(value, token)) {
    sealBelow(*member, rest, sealer);
  }
}

}  // namespace

bool isSealed(const Json& value) {
  return value.is_object() && value.size() == 1 && value.begin().key() == sealedKey &&
         value.begin()->is_string();
}

bool maySealed(std::string_view text) { return text.find(sealedKey) != std::string_view::npos; }

void sealAt(Json& tree, const std::vector<std::string>& pointers, Sealer& sealer) {
  // The tree itself stays an object: all of it means each of its members.
  for (const auto& pointer : pointers) sealBelow(tree, pointer.empty() ? "/*" : pointer, sealer);
}

void openAll(Json& tree, Sealer& sealer) {
  if (isSealed(tree)) {
    const auto plain = sealer.open(fromBase64(tree.begin()->get<std::string>()));
    if (!plain) return;
    tree = Json::parse(*plain);
    openAll(tree, sealer);  // a value inside was sealed before the whole was
  } else if (tree.is_structured()) {
    for (auto& inner : tree) openAll(inner, sealer);
  }
}

}  // namespace athanor::state
