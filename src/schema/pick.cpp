#include "schema/pick.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/reference.h"

namespace athanor::schema {

namespace {
constexpr int deepest = 8;
constexpr std::size_t never = std::numeric_limits<std::size_t>::max();

void gather(const Shape& shape, std::vector<const Shape*>& out, int depth) {
  if (shape.kind != Kind::oneOf) {
    out.push_back(&shape);
  } else if (depth < deepest) {
    for (const auto* alternative : shape.alternatives) gather(*alternative, out, depth + 1);
  }
}

/// How badly `value` fits: 0 for well, `never` where it is of another kind.
std::size_t misfit(const Shape& shape, const Json& value, int depth) {
  if (isUnknown(value) || depth > deepest) return 0;
  if (shape.kind == Kind::any) return depth == 0 ? 1 : 0;  // a form that says more comes first
  if (shape.kind == Kind::oneOf) {
    auto least = never;
    for (const auto* alternative : shape.alternatives)
      least = std::min(least, misfit(*alternative, value, depth + 1));
    return least;
  }
  if (!ofKind(shape, value)) return never;
  const auto inner = [&](const Shape& form, const Json& part) {
    const auto cost = misfit(form, part, depth + 1);
    return cost == never ? std::size_t{3} : cost;
  };
  std::size_t cost = 0;
  if (shape.kind == Kind::object) {
    for (const auto& [key, part] : value.items()) {
      const auto* property = shape.find(key);
      cost += property ? inner(*property->shape, part) : 10;
    }
    for (const auto& property : shape.properties) {
      if (!property.required) continue;
      bool present = value.contains(property.name);
      for (auto item = value.begin(); !present && item != value.end(); ++item)
        present = shape.find(item.key()) == &property;
      if (!present) cost += 5;
    }
  } else if (shape.element && value.is_structured()) {
    for (const auto& part : value) cost += inner(*shape.element, part);
  } else if (value.is_string() && !shape.allowed.empty()) {
    cost = std::ranges::find(shape.allowed, value.get_ref<const std::string&>()) == shape.allowed.end();
  }
  return cost;
}
}  // namespace

bool ofKind(const Shape& shape, const Json& value) {
  switch (shape.kind) {
    case Kind::string:
      return value.is_string();
    case Kind::integer:
      return value.is_number_integer() || (value.is_number_float() && std::isfinite(value.get<double>()) &&
                                           value.get<double>() == std::floor(value.get<double>()));
    case Kind::number:
      return value.is_number();
    case Kind::boolean:
      return value.is_boolean();
    case Kind::object:
    case Kind::map:
      return value.is_object();
    case Kind::list:
      return value.is_array();
    case Kind::any:
      return true;
    case Kind::oneOf:
      return std::ranges::any_of(shape.alternatives, [&](const auto* form) { return ofKind(*form, value); });
  }
  return false;
}

const Shape* pick(const Shape& oneOf, const Json& value) {
  const Shape* best = nullptr;
  auto least = never;
  for (const auto* form : forms(oneOf)) {
    const auto cost = misfit(*form, value, 0);
    if (cost < least) {
      least = cost;
      best = form;
    }
  }
  return best;
}

const Shape* settled(const Shape& shape, const Json& value) {
  return shape.kind == Kind::oneOf ? pick(shape, value) : &shape;
}

std::vector<const Shape*> forms(const Shape& shape) {
  std::vector<const Shape*> out;
  gather(shape, out, 0);
  return out;
}

}  // namespace athanor::schema
