#include "cli/type_name.h"

#include <fmt/format.h>

#include "base/error.h"

namespace athanor::cli {

namespace {

const schema::Type* find(const schema::Catalogue& catalogue, const std::string& given) {
  if (const auto* type = catalogue.find(given)) return type;
  std::vector<std::string> words(1);
  for (const char c : given) {
    if (c != ':' && c != '.')
      words.back() += c;
    else if (!words.back().empty())
      words.emplace_back();
  }
  if (words.size() == 3) words.erase(words.begin());  // "AWS"
  return words.size() == 2 ? catalogue.find(words[0], words[1]) : nullptr;
}

}  // namespace

const schema::Type& typeNamed(const schema::Catalogue& catalogue, const std::string& given) {
  if (const auto* type = find(catalogue, given)) return *type;
  Error error(ErrorCode::notFound, fmt::format("AWS has no resource type {}", given));
  const auto near = catalogue.nearest(given);
  if (near.empty()) throw std::move(error).next("`athanor schema search WORD` finds types by a word.");
  throw std::move(error).next(fmt::format("Did you mean {}?", fmt::join(near, " or ")));
}

}  // namespace athanor::cli
