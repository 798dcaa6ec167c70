#pragma once

#include <string>

#include "base/json.h"
#include "schema/type.h"

namespace athanor::schema {

/// What a shape takes, for people: "an integer from 0 to 300", "one of \"ALL\", \"NONE\"", "a list of at most
/// 4 items".
std::string expectation(const Shape& shape);

/// A value as a message shows it: "\"abc\"", "301", "a list", "null"; long text is cut short.
std::string shown(const Json& value);

/// A number without needless digits: "300", "0.5".
std::string shownNumber(double value);

}  // namespace athanor::schema
