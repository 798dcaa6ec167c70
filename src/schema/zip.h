#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace athanor::schema {

/// Reads a zip (PKWARE APPNOTE 6.3.3: stored and deflated entries, no encryption, no zip64) that is not
/// trusted: every offset and size is checked, an entry may have 16 MiB and all of them 512 MiB. `wanted`
/// tells by its name whether an entry is read; `take` gets name and contents, which are checked against their
/// CRC. Throws Error(usage) that names `origin` and the entry at fault.
void readZip(std::string_view bytes, const std::string& origin,
             const std::function<bool(const std::string& name)>& wanted,
             const std::function<void(const std::string& name, const std::string& contents)>& take);

}  // namespace athanor::schema
