#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "base/reference.h"

namespace athanor::cli {

/// "channel.arn" of a reference, as a program writes it.
std::string referenceText(const Reference& reference);

/// A value of a template (base/reference.h) on one line: JSON, in which a reference stands as
/// "(from channel.arn)" and a text with references as "`key of ${channel.arn}`", a value that is sealed in
/// state as "(sealed)", and one that withoutSecrets() took out as "(sensitive)". Null is "(none)".
std::string valueText(const Json& value);

/// `tree` without the values at these JSON pointers.
Json withoutSecrets(Json tree, const std::vector<std::string>& pointers);
/// True for what stands in the place of one.
bool isHidden(const Json& value);

/// The same over several lines, indented by two spaces a level, without a last line end.
std::string valueLines(const Json& value);

}  // namespace athanor::cli
