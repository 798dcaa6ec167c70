#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"
#include "schema/type.h"

namespace athanor::schema {

/// One mistake in a model.
struct Problem {
  enum class Kind : std::uint8_t {
    unknownProperty,
    twice,
    wrongType,
    missing,
    notAllowed,
    range,
    length,
    pattern,
    itemCount,
    duplicateItem,
    readOnly,
    contradiction,
    noAlternative,
  };
  Kind kind;
  std::string pointer;   ///< JSON pointer to the value (to the absent property for `missing`), AWS's casing
  std::string found;     ///< what stands there, as text: "\"abc\"", "301", "String"
  std::string expected;  ///< what is allowed: "an integer from 0 to 300", "one of …"
  std::string nearest;   ///< the nearest valid name or value; "" where none is near
  /// The sentence that a user reads, without place and id.
  std::string text(const Shape& root) const;
};

/// All mistakes of `props`, which are settled to AWS's casing. References count as valid anywhere.
/// `readOnlyAllowed` for models that carry the service's own properties and defaults; the type's rules about
/// contradictions, which are about what a user wrote, do not apply to them. Whether the type can be deployed
/// at all is the type's own `notDeployable`.
std::vector<Problem> validate(const Type& type, const Json& props, bool readOnlyAllowed = false);

}  // namespace athanor::schema
