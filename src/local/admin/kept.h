#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "base/json.h"
#include "local/cloudcontrol/database.h"
#include "local/cloudcontrol/operation.h"

namespace athanor::local::admin {

/// How many resources of one type an account has in a region.
struct TypeCount {
  Caller caller;
  std::string type;
  std::int64_t resources = 0;
};

/// What a data folder keeps, counted.
struct Kept {
  std::vector<TypeCount> types;    ///< by account, region and type
  std::int64_t operations = 0;     ///< that are remembered
  std::int64_t active = 0;         ///< of those: under way
  std::int64_t resources() const;  ///< of all types
};

Kept countKept(cloudcontrol::Database& database);
/// {"resources": [{"account", "region", "type", "count"}], "operations", "active"}.
Json toJson(const Kept& kept);

/// Deletes everything but the id of this AWS, and gives the space back. No batch may be open; throws where
/// the database fails, and then nothing is deleted.
void forgetAll(cloudcontrol::Database& database);

/// The same two of a folder that no server serves; it stays locked meanwhile. Throw Error(conflict) where one
/// does. Nothing is kept where the folder is missing.
Kept countKept(const std::filesystem::path& folder);
Kept forgetAll(const std::filesystem::path& folder);  ///< gives what was deleted

}  // namespace athanor::local::admin
