#pragma once

#include <map>
#include <string>

#include "base/json.h"
#include "schema/type.h"

namespace athanor::schema {

/// `props`, in AWS's casing, with those of `tags` (an object of texts and references) that they do not have
/// yet: a tag of their own with the same key stays. In either form in which AWS keeps tags, a list of Key and
/// Value or a map. The same props where the type has no tags, where they cannot be changed once it stands
/// (other tags would replace the resource), where a tag needs more than Key and Value, and where the props'
/// own tags have another form.
Json withTags(const Type& type, Json props, const Json& tags);

/// The tags of a model in AWS's casing, by key, whichever of AWS's two forms they have; empty where the type
/// has none.
std::map<std::string, Json> tagsOf(const Type& type, const Json& model);

/// False where the keys of the props' own tags are not all known, so that withTags() cannot tell what they
/// have.
bool tagKeysKnown(const Type& type, const Json& props);

}  // namespace athanor::schema
