#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/resource.h"
#include "state/seal.h"

namespace athanor::state {

/// A file whose first line anyone can read, and whose rest is sealed: a saved plan.
struct SealedFile {
  Json heading;  ///< what must be known to find the key; no secrets
  Json body;
};

/// Writes it so that it is there whole or not at all, readable by its owner. `kind` says what it holds.
/// Throws Error(state) where it cannot be written.
void writeSealed(const std::filesystem::path& file, const std::string& kind, const SealedFile& content,
                 const Key& key);

/// The heading alone. Throws Error(notFound) where there is no such file, Error(usage) where it is none of
/// that kind.
Json sealedHeading(const std::filesystem::path& file, const std::string& kind);

/// All of it. Throws as sealedHeading(), and Error(state) without the key, with another, or where it is
/// damaged.
SealedFile readSealed(const std::filesystem::path& file, const std::string& kind, const Key& key);

/// Names what is recorded: the same text for the same records, another for any others.
std::string versionOf(const std::vector<Resource>& resources);

}  // namespace athanor::state
