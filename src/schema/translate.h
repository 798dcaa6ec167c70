#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "schema/type.h"

namespace athanor::schema {

/// Props in the form that AWS itself takes, with what was lost on the way.
struct Translated {
  Json props;
  struct Loss {
    std::string pointer;  ///< JSON pointer in AWS's casing of what AWS would not honour
    std::string reason;   ///< a sentence
  };
  std::vector<Loss> losses;
};

/// Rewrites translated properties and leaves out those that only the AWS that runs here honours. The identity
/// for types without an overlay of such properties.
Translated forAws(const Type& type, const Json& props);

}  // namespace athanor::schema
