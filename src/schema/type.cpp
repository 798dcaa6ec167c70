#include "schema/type.h"

#include <algorithm>

#include "schema/names.h"

namespace athanor::schema {

const Property* Shape::find(std::string_view wanted) const {
  const auto exact = std::ranges::lower_bound(properties, wanted, {}, &Property::name);
  if (exact != properties.end() && exact->name == wanted) return &*exact;
  const auto loose =
      std::ranges::find_if(properties, [&](const auto& p) { return equalLoosely(p.name, wanted); });
  return loose == properties.end() ? nullptr : &*loose;
}

}  // namespace athanor::schema
