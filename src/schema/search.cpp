#include <algorithm>
#include <map>
#include <optional>

#include "schema/casing.h"
#include "schema/describe.h"
#include "schema/names.h"

namespace athanor::schema {

namespace {

std::vector<std::string> wordsOf(std::string_view text) {
  std::vector<std::string> out(1);
  for (const char c : lower(text)) {
    if (c != ' ' && c != '\t')
      out.back() += c;
    else if (!out.back().empty())
      out.emplace_back();
  }
  if (out.back().empty()) out.pop_back();
  return out;
}

bool holdsAll(const std::string& text, const std::vector<std::string>& words) {
  return std::ranges::all_of(words, [&](const auto& word) { return text.find(word) != std::string::npos; });
}

/// "b" of "[b](https://…)", and text without `code` and *emphasis* marks.
std::string plainText(std::string_view markdown) {
  std::string out;
  for (std::size_t i = 0; i < markdown.size(); ++i) {
    const char c = markdown[i];
    if (c == '[') {
      const auto close = markdown.find("](", i);
      const auto end = close == std::string_view::npos ? close : markdown.find(')', close);
      if (end != std::string_view::npos && close - i < 200) {
        out += plainText(markdown.substr(i + 1, close - i - 1));
        i = end;
        continue;
      }
    }
    if (c == '`' || (c == '*' && i + 1 < markdown.size() && markdown[i + 1] != ' ')) continue;
    const char following = i + 1 < markdown.size() ? markdown[i + 1] : '\0';
    if (c == ' ' && (following == '.' || following == ',' || following == ' ')) continue;
    out += c;
  }
  return out;
}

/// How well a type fits, 0 for best; none where it does not. `property` is the one that fits, where the rest
/// does not.
std::optional<int> rankOf(const Type& type, const std::vector<std::string>& wanted, std::string& property) {
  const auto name = lower(type.name);
  const auto resource = name.substr(name.rfind(':') + 1);
  if (wanted.size() == 1 && resource == wanted[0]) return 0;
  if (holdsAll(resource, wanted)) return 1;
  if (holdsAll(name, wanted)) return 2;
  if (holdsAll(name + " " + lower(type.documentation), wanted)) return 3;
  for (const auto& candidate : type.root->properties) {
    const bool named = holdsAll(name + " " + lower(candidate.name), wanted);
    if (!named && !holdsAll(name + " " + lower(candidate.documentation), wanted)) continue;
    property = camelPath(*type.root, "/" + escapePointer(candidate.name));
    return named ? 4 : 5;
  }
  return {};
}

}  // namespace

std::string firstSentence(std::string_view markdown) {
  const auto begin = markdown.find_first_not_of(" \n>");
  if (begin == std::string_view::npos) return "";
  const auto text =
      plainText(markdown.substr(begin, std::min(markdown.find("\n\n", begin), begin + 2000) - begin));
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    const bool abbreviation = i > 2 && text[i] == '.' && (text[i - 2] == '.' || text[i - 2] == ' ');
    if (text[i] == '.' && (text[i + 1] == ' ' || text[i + 1] == '\n') && !abbreviation)
      return text.substr(0, i + 1);
  }
  return text.substr(0, text.find('\n'));
}

std::vector<Match> search(const Catalogue& catalogue, std::string_view words, std::size_t most) {
  const auto wanted = wordsOf(words);
  if (wanted.empty()) return {};
  std::multimap<int, Match> found;  // by how well it fits; names come in order
  catalogue.each([&](const Type& type) {
    std::string property;
    if (const auto rank = rankOf(type, wanted, property))
      found.emplace(*rank, Match{type.name, std::move(property), firstSentence(type.documentation)});
  });
  std::vector<Match> out;
  for (auto& [rank, match] : found) {
    if (out.size() == most) break;
    out.push_back(std::move(match));
  }
  return out;
}

}  // namespace athanor::schema
