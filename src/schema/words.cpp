#include "schema/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/reference.h"
#include "schema/pick.h"

namespace athanor::schema {

namespace {
constexpr std::size_t mostShown = 80;

/// "of 3 to 63 characters", or "" where nothing limits them.
std::string size(const Shape& shape, const char* unit) {
  const auto low = shape.minLength.value_or(0);
  const auto units = [&](std::uint64_t count) {
    return fmt::format("{} {}{}", count, unit, count == 1 ? "" : "s");
  };
  if (shape.maxLength && low == *shape.maxLength) return " of exactly " + units(low);
  if (shape.maxLength && low > 0) return fmt::format(" of {} to {}", low, units(*shape.maxLength));
  if (shape.maxLength) return " of at most " + units(*shape.maxLength);
  return low > 0 ? " of at least " + units(low) : "";
}

std::string range(const Shape& shape) {
  if (shape.minimum && shape.maximum)
    return fmt::format(" from {} to {}", shownNumber(*shape.minimum), shownNumber(*shape.maximum));
  if (shape.minimum) return " of at least " + shownNumber(*shape.minimum);
  if (shape.maximum) return " of at most " + shownNumber(*shape.maximum);
  return "";
}

std::string choice(const Shape& shape) {
  constexpr std::size_t most = 12;
  std::string out = shape.allowed.size() == 1 ? "" : "one of ";
  for (std::size_t i = 0; i < std::min(most, shape.allowed.size()); ++i) {
    if (i > 0) out += ", ";
    out += shape.kind == Kind::string ? Json(shape.allowed[i]).dump() : shape.allowed[i];
  }
  if (shape.allowed.size() > most) out += fmt::format(" and {} more", shape.allowed.size() - most);
  return out;
}

std::string alternatives(const Shape& shape) {
  std::vector<std::string> each;
  for (const auto* form : forms(shape))
    if (auto words = expectation(*form); std::ranges::find(each, words) == each.end())
      each.push_back(std::move(words));
  return fmt::format("{}", fmt::join(each, ", or "));
}
}  // namespace

std::string shownNumber(double value) {
  if (value == std::floor(value) && std::abs(value) < 1e15)
    return fmt::format("{}", static_cast<long long>(value));
  return fmt::format("{}", value);
}

std::string expectation(const Shape& shape) {
  if (!shape.allowed.empty()) return choice(shape);
  switch (shape.kind) {
    case Kind::string:
      return "a string" + size(shape, "character");
    case Kind::integer:
      return "an integer" + range(shape);
    case Kind::number:
      return "a number" + range(shape);
    case Kind::boolean:
      return "true or false";
    case Kind::object:
    case Kind::map:
      return "an object";
    case Kind::list:
      return "a list" + size(shape, "item");
    case Kind::oneOf:
      return alternatives(shape);
    case Kind::any:
      break;
  }
  return "any value";
}

std::string shown(const Json& value) {
  if (isUnknown(value)) return "a value that is not known yet";
  if (value.is_array()) return "a list";
  if (value.is_object()) return "an object";
  auto text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() <= mostShown) return text;
  auto end = mostShown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end) + "…\"";
}

}  // namespace athanor::schema
