#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "schema/type.h"

namespace athanor::schema {

/// A rule of the type that its props break: where, the value there as text, and the rule's sentence.
struct Broken {
  std::string pointer;
  std::string found;
  std::string text;
};

std::vector<Broken> brokenRules(const Type& type, const Json& props);

}  // namespace athanor::schema
