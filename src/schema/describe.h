#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "schema/catalogue.h"
#include "schema/type.h"

namespace athanor::schema {

/// A type as a person reads it: every property in camelCase, indented by depth, with what it takes, its
/// default, whether it is required, create-only, read-only or write-only, and the first sentence of its
/// documentation (where `type` is from `Catalogue::documented`). A form that was shown once is named after
/// that. Lines end in "\n".
std::string describe(const Type& type);

/// The same for machines: {"type", "deployable", "identifier", "properties": {camelCase name: {…}},
/// "definitions"}; docs/schemas.md tells the words. Forms with a name stand in "definitions", so that
/// recursion ends.
Json describeJson(const Type& type);

/// A type that a search found.
struct Match {
  std::string name;      ///< "AWS::IVS::Channel"
  std::string property;  ///< in camelCase, where the word stands in a property's name only; else ""
  std::string sentence;  ///< the first sentence of the type's documentation
};

/// Types whose name, properties or documentation hold every word of `words` in any casing: best first, those
/// whose own name holds them before the rest.
std::vector<Match> search(const Catalogue& catalogue, std::string_view words, std::size_t most = 30);

/// The first sentence of Markdown text, without its marks and links.
std::string firstSentence(std::string_view markdown);

}  // namespace athanor::schema
