#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace athanor::local {

/// The bytes of a file that only its owner may read; it is written with what `make` gives where it is
/// missing. Of several processes that make it at once, one wins, and all get the same. Throws Error(state).
std::string keptPrivately(const std::filesystem::path& file, const std::function<std::string()>& make);
/// Writes such a file, in place of the one that is there; whole or not at all. Throws Error(state).
void keepPrivately(const std::filesystem::path& file, const std::string& bytes);

}  // namespace athanor::local
