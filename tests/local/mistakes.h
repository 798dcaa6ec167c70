#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "schema/type.h"

namespace athanor::local::test {

/// A model with one mistake in it, and what AWS's validator says of that: "#/A/B: expected type: …".
struct Mistake {
  std::string kind;  ///< "wrong type", "missing", …
  Json model;
  std::string message;
};

/// Every kind of mistake that `model`, which is valid and of that type, gives room for: once at the root and
/// once as deep as it goes. Values that may have several forms are left as they are.
std::vector<Mistake> mistakesIn(const schema::Type& type, const Json& model);

}  // namespace athanor::local::test
