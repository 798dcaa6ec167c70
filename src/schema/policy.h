#pragma once

#include <optional>
#include <string>

#include "base/json.h"

namespace athanor::schema {

/// The object or list that `text` is the JSON of; none where it is anything else, or JSON that does not
/// survive reading unharmed: a key twice, a number that is not exact.
std::optional<Json> documentOf(const std::string& text);

/// A free-form document in the one form that all documents of equal meaning share: whole numbers as integers,
/// and, in a policy of IAM's language, what IAM itself reads as the same (policy.cpp names the rules).
Json plainDocument(const Json& document);

}  // namespace athanor::schema
