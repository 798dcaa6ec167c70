#include "aws/text.h"

#include <array>

namespace athanor::aws {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  const auto begin = text.find_first_not_of(space);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(space) - begin + 1);
}

std::string xmlText(std::string_view document, std::string_view tag) {
  const auto open = "<" + std::string(tag) + ">";
  auto begin = document.find(open);
  if (begin == std::string_view::npos) return "";
  begin += open.size();
  const auto end = document.find("</" + std::string(tag) + ">", begin);
  if (end == std::string_view::npos) return "";
  std::string out(trim(document.substr(begin, end - begin)));
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> entities = {
      {{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}, {"&amp;", "&"}}};
  for (auto [entity, character] : entities)
    for (std::size_t at = 0; (at = out.find(entity, at)) != std::string::npos; at += character.size())
      out.replace(at, entity.size(), character);
  return out;
}

}  // namespace athanor::aws
