#pragma once

#include <string>
#include <vector>

#include "base/resource.h"
#include "schema/catalogue.h"

namespace athanor::engine {

/// Every mistake of one declaration against its schema, each with place, id and property path.
std::vector<Error> check(const schema::Catalogue& catalogue, const Declaration& declaration);

/// JSON pointers (in AWS's casing) of the write-only values that `props` holds: they are sealed where they
/// rest.
std::vector<std::string> secrets(const schema::Type& type, const Json& props);

}  // namespace athanor::engine
