#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/resource.h"
#include "program/typescript/js.h"
#include "program/typescript/values.h"
#include "schema/type.h"

namespace athanor::program {

/// The names of all options of a resource.
std::span<const std::string_view> optionNames();
bool isOption(std::string_view name);

/// Takes one option from the program's value; undefined leaves it as it is. `path` is how the user names it.
/// Throws Error(validation) where the value is not what the option wants.
void readOption(Pass& pass, std::string_view name, JS::HandleValue value, const std::string& path,
                const schema::Type& type, Options& into);

/// Takes all options from an object. `mistake` hears of each that is unknown or not what the option wants.
void readOptions(Pass& pass, JS::HandleValue object, const schema::Type& type, Options& into,
                 const Values::Mistake& mistake);

/// "tags[0].key", "Tags[0].Key" or "/Tags/0/Key" as a JSON pointer in AWS's casing. Throws Error(validation)
/// where the type has no such property.
std::string pointerOf(const schema::Type& type, const std::string& path);

}  // namespace athanor::program
