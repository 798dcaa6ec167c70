#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "schema/type.h"

namespace athanor::schema {

/// The alternative of a oneOf that `value` most looks like, in any casing; null where it is of none's kind.
const Shape* pick(const Shape& oneOf, const Json& value);

/// The shape that `value` is to be read by: `shape` itself, or for a oneOf the alternative picked, however
/// deep; null where none fits.
const Shape* settled(const Shape& shape, const Json& value);

/// All forms that a value may take: the shape itself, or a oneOf's alternatives, however deep.
std::vector<const Shape*> forms(const Shape& shape);

/// True where `value` is of the JSON kind that `shape` takes; 30.0 is an integer.
bool ofKind(const Shape& shape, const Json& value);

}  // namespace athanor::schema
