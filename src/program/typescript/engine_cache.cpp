#include "program/typescript/engine_cache.h"

__asm__(
    ".section .rodata.athanor_engine_cache, \"a\", @progbits\n"
    ".balign 16\n"
    ".hidden athanor_engine_cache_begin\n"
    ".globl athanor_engine_cache_begin\n"
    "athanor_engine_cache_begin:\n"
    ".incbin \"" ATHANOR_ENGINE_CACHE
    "\"\n"
    ".hidden athanor_engine_cache_end\n"
    ".globl athanor_engine_cache_end\n"
    "athanor_engine_cache_end:\n"
    ".previous\n");

extern "C" {
extern const std::uint8_t athanor_engine_cache_begin[];
extern const std::uint8_t athanor_engine_cache_end[];
}

namespace athanor::program {

std::span<const std::uint8_t> engineCache() { return {athanor_engine_cache_begin, athanor_engine_cache_end}; }

}  // namespace athanor::program
