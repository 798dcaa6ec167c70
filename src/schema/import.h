#pragma once

#include <filesystem>
#include <string>

namespace athanor::schema {

/// What AWS's published schema files in a folder, or in a zip, hold, as a pack (schema/pack.h). Files that
/// are no type schemas are passed over. Throws Error(usage) that names the file at fault, or where there is
/// none.
std::string packOf(const std::filesystem::path& source);

}  // namespace athanor::schema
