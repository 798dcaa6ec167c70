#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"

namespace athanor {

/// A use of another resource's output: `path` is a JSON pointer into its outputs, in AWS's casing.
struct Reference {
  std::string id;
  std::string path;
  bool operator==(const Reference&) const = default;
  auto operator<=>(const Reference&) const = default;
};

/// Props are kept as a template: JSON in which a reference stands as {"$athanor.ref": {"id", "path"}} and a
/// text with references inside as {"$athanor.text": ["literal", {"$athanor.ref": …}, …]}. A user's own key
/// never begins with
/// "$athanor." (validation refuses it), so the two cannot be confused.
Json refer(const Reference& reference);
Json text(std::vector<Json> pieces);

/// The reference that `value` is; none where it is anything else.
std::optional<Reference> asReference(const Json& value);
/// True where `value` itself is a reference or a text with references: its value is not known before they
/// are.
bool isUnknown(const Json& value);
/// True where a reference stands anywhere inside `value`.
bool hasUnknown(const Json& value);
/// Every reference inside `value`, in order of first appearance, each once.
std::vector<Reference> references(const Json& value);

/// `value` with each reference replaced by what `find` gives for it; those it gives nothing for stay. A
/// reference inside a text becomes its string (a number or boolean as JSON writes it).
Json substitute(const Json& value, const std::function<std::optional<Json>(const Reference&)>& find);

}  // namespace athanor
