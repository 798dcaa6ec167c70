#pragma once

#include <cstddef>
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
/// `sent` does not name, that the live model lacks, or that are write-only or read-only, do not differ; nor
/// do tags of the resource that `sent` does not name. Lists differ in their order unless the schema calls
/// them unordered. A list that differs is one difference.
std::vector<Difference> drift(const Type& type, const Json& sent, const Json& live);

/// `sent` in the service's own words: a value of which `live` still says what the service `answered` when it
/// was last recorded is no longer what was sent but that answer. Services write values in forms of their own,
/// and what nobody has changed since is no drift, however it reads. Values at and below the JSON pointers
/// `except` stay as they were sent.
Json asAnswered(const Type& type, const Json& sent, const Json& answered, const Json& live,
                const std::vector<std::string>& except = {});

/// How much of what was sent a live model tells.
struct Coverage {
  std::size_t told = 0;  ///< values that can be compared
  /// JSON pointers of those that cannot: they are never read back, or this answer lacks them.
  std::vector<std::string> writeOnly = {};
  std::vector<std::string> missing = {};
};
Coverage coverage(const Type& type, const Json& sent, const Json& live);

/// True where `live` says of a value all that `sent` says of it: what the service added, or keeps to itself,
/// is no difference.
bool covers(const Shape& shape, const Json& sent, const Json& live);

/// Equal by the meaning of `shape`.
bool same(const Shape& shape, const Json& a, const Json& b);

}  // namespace athanor::schema
