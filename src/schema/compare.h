#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "schema/type.h"

namespace athanor::schema {

/// One property that differs: JSON pointer in AWS's casing, and both values; null stands for absent.
struct Difference {
  std::string pointer;
  Json before;
  Json after;
  bool createOnly = false;
  bool writeOnly = false;
};

/// What changed between two models of the user's own props, by meaning: key order never matters, unordered
/// lists are sets, an absent property equals its default, 1 equals 1.0. An unordered list that differs is one
/// difference. A reference inside `after` (an unknown) differs from everything but the same reference.
std::vector<Difference> compare(const Type& type, const Json& before, const Json& after);

/// What changed out of band: how the live model differs from the props as they were sent. Properties that
/// `sent` does not name, that the live model lacks, or that are write-only or read-only, do not differ.
std::vector<Difference> drift(const Type& type, const Json& sent, const Json& live);

/// Equal by the meaning of `shape`.
bool same(const Shape& shape, const Json& a, const Json& b);

}  // namespace athanor::schema
