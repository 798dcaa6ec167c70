#pragma once

#include "base/json.h"
#include "schema/type.h"

namespace athanor::schema {

/// A value in the one form that all values of equal meaning share: without properties that hold their
/// default, unordered lists sorted, whole numbers as integers, scalars as the kind that the schema says, JSON
/// in a text as what it says, policies as IAM reads them. References stay.
Json normal(const Shape& shape, const Json& value);

}  // namespace athanor::schema
