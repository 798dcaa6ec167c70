#include "schema/normal.h"

#include <algorithm>
#include <cmath>

#include "base/reference.h"
#include "schema/pick.h"

namespace athanor::schema {

Json normal(const Shape& shape, const Json& value) {
  if (isUnknown(value)) return value;
  const auto* form = settled(shape, value);
  if (value.is_number_float()) {
    const auto number = value.get<double>();
    if (number == std::floor(number) && std::abs(number) < 9e15) return static_cast<std::int64_t>(number);
    return value;
  }
  if (value.is_array()) {
    static const Shape anything;
    const auto& element = form && form->element ? *form->element : anything;
    Json out = Json::array();
    for (const auto& item : value) out.push_back(normal(element, item));
    if (form && form->unordered) std::sort(out.begin(), out.end());
    return out;
  }
  if (!value.is_object()) return value;
  static const Shape anything;
  Json out = Json::object();
  for (const auto& [key, inner] : value.items()) {
    const auto* property = form && form->kind == Kind::object ? form->find(key) : nullptr;
    const auto& part = property ? *property->shape : form && form->element ? *form->element : anything;
    auto plain = normal(part, inner);
    if (property && !property->defaultJson.empty()) {
      const auto usual = Json::parse(property->defaultJson, nullptr, false);
      if (!usual.is_discarded() && plain == normal(part, usual)) continue;
    }
    out[key] = std::move(plain);
  }
  return out;
}

}  // namespace athanor::schema
