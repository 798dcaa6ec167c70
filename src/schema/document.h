#pragma once

#include <string_view>

#include "base/json.h"

namespace athanor::schema {

/// A type's schema as JSON in the words of AWS's resource type definition schema, with these of our own:
/// `createOnly`, `readOnly`, `writeOnly`, `support` on a property; `arnTemplate`, `tagProperty`,
/// `notDeployable`, `notListable`, `listRequires`, `rules` on the whole.

/// Puts an overlay on top: it names the properties it changes by their path, whether the schema keeps them in
/// a shared definition or not; null takes a word away.
void overlay(Json& schema, const Json& patch);

/// Sets `word` to true on the property at `path` ("A/*/B" or "A/B": lists and maps are walked through), and
/// on nothing that shares its definition. False where there is none.
bool mark(Json& schema, std::string_view path, const char* word);

/// What `node` refers to ("#/definitions/X"), or itself; an empty object where it leads nowhere.
const Json& resolved(const Json& schema, const Json& node);

}  // namespace athanor::schema
