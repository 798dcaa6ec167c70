#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace athanor::recorder::rtmp {

/// The values of a command or data message (AMF 0, Adobe's specification of 2007), in order. Dates become
/// numbers (milliseconds since 1970), undefined and unsupported become null, ECMA arrays objects. Throws
/// Malformed, for values nested deeper than 16 too.
std::vector<Json> readAmf0(std::string_view bytes);

/// Appends a value: null, a boolean, a number, a string or an object of those.
void writeAmf0(std::string& out, const Json& value);

}  // namespace athanor::recorder::rtmp
