#pragma once

#include <deque>

#include "base/json.h"
#include "schema/type.h"

namespace athanor::schema {

/// A type and the shapes it is made of. Does not move: the type's pointers lead into it.
struct Decoded {
  Type type;
  std::deque<Shape> shapes;
  Decoded() = default;
  Decoded(const Decoded&) = delete;
  Decoded& operator=(const Decoded&) = delete;
};

/// Builds the type that `schema` (see schema/document.h) describes; words it does not know are passed over.
/// `documentation` holds descriptions at the same places, or is null.
void decode(const Json& schema, const Json& documentation, Decoded& out);

}  // namespace athanor::schema
