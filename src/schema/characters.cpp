#include "schema/characters.h"

namespace athanor::schema {

namespace {
bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

/// Takes the first character off `text`, which is not empty.
wchar_t next(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  std::size_t length = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  std::uint32_t value = length == 1 ? first : first & (0xffU >> (length + 1));
  std::size_t taken = 1;
  while (taken < length && taken < text.size() && continues(text[taken]))
    value = value << 6 | (static_cast<unsigned char>(text[taken++]) & 0x3fU);
  text.remove_prefix(taken);
  return static_cast<wchar_t>(taken == length ? value : 0xfffd);
}
}  // namespace

std::wstring wide(std::string_view text) {
  std::wstring out;
  out.reserve(text.size());
  while (!text.empty()) out += next(text);
  return out;
}

std::size_t countCharacters(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) next(text);
  return count;
}

}  // namespace athanor::schema
