#pragma once

#include <cstdint>
#include <span>

namespace athanor::program {

/// SpiderMonkey's own JavaScript in compiled form, as the build made it (tools/engine_cache). It spares a
/// program's start some ten milliseconds. Another build of the library does not take it, and compiles.
std::span<const std::uint8_t> engineCache();

}  // namespace athanor::program
