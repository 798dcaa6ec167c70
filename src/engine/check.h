#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "base/resource.h"
#include "schema/catalogue.h"

namespace athanor::engine {

/// Every mistake of one declaration against its schema, each with place, id and property path.
std::vector<Error> check(const schema::Catalogue& catalogue, const Declaration& declaration);

/// Every declaration of one pass of a program, by id.
class Declared {
 public:
  /// Takes a declaration in and gives its mistakes: those of check(), an id that is taken, a former id
  /// that is still declared, and a `dependsOn` that names nothing declared before it.
  std::vector<Error> add(const schema::Catalogue& catalogue, const Declaration& declaration);
  bool contains(const std::string& id) const { return places_.contains(id); }

 private:
  std::unordered_map<std::string, SourcePlace> places_;
  std::unordered_map<std::string, std::string> renamed_;  ///< former ids, and the ids that took their place
};

/// JSON pointers (in AWS's casing) of the write-only values that `props` holds: they are sealed where they
/// rest.
std::vector<std::string> secrets(const schema::Type& type, const Json& props);

}  // namespace athanor::engine
