#pragma once

#include <filesystem>
#include <string>

#include "base/error.h"
#include "base/json.h"
#include "cli/style.h"

namespace athanor::cli {

/// Any exception for people. An engine::InvalidProgram shows every mistake, grouped by file; an Error shows
/// its message, place, id, property path, detail and hint. Places below `folder` are relative to it. Each
/// line is ended.
std::string errorText(const std::exception& error, const Style& style, const std::filesystem::path& folder);

/// The same for programs: {"code", "message", "file", "line", "column", "resource", "path", "detail",
/// "hint"}, without what is not known; an InvalidProgram has "mistakes" as well, each of that form.
Json errorJson(const std::exception& error);

}  // namespace athanor::cli
