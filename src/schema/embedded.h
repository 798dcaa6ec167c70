#pragma once

#include <string_view>

namespace athanor::schema {

/// The pack of all types that the build made (tools/catalogue.mjs), as it stands in the binary.
std::string_view embeddedPack();

}  // namespace athanor::schema
