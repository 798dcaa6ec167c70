#include "schema/embedded.h"

__asm__(
    ".section .rodata.athanor_catalogue, \"a\", @progbits\n"
    ".balign 16\n"
    ".hidden athanor_catalogue_begin\n"
    ".globl athanor_catalogue_begin\n"
    "athanor_catalogue_begin:\n"
    ".incbin \"" ATHANOR_CATALOGUE_PACK
    "\"\n"
    ".hidden athanor_catalogue_end\n"
    ".globl athanor_catalogue_end\n"
    "athanor_catalogue_end:\n"
    ".previous\n");

extern "C" {
extern const char athanor_catalogue_begin[];
extern const char athanor_catalogue_end[];
}

namespace athanor::schema {

std::string_view embeddedPack() {
  return {athanor_catalogue_begin, static_cast<std::size_t>(athanor_catalogue_end - athanor_catalogue_begin)};
}

}  // namespace athanor::schema
