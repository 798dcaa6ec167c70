#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "base/resource.h"
#include "cli/style.h"
#include "state/store.h"

namespace athanor::cli {

// What is recorded, for people. Each line is ended.

/// A row for each resource: id, type, identifier, and what is special about it.
std::string resourcesText(const std::vector<Resource>& resources);
/// All of one resource; sealed values are not opened.
std::string resourceText(const Resource& resource, const Style& style, const std::filesystem::path& folder);
/// A row for each app and stage.
std::string stagesText(const std::vector<state::ScopeInfo>& scopes);

/// Rows with their cells in columns.
std::string tableText(const std::vector<std::vector<std::string>>& rows);

}  // namespace athanor::cli
