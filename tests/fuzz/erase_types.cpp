// Erasing the types of any text either says what is wrong with it, or leaves every line and column in place.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/error.h"
#include "program/typescript/eraser.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string source(reinterpret_cast<const char*>(data), size);
  try {
    const auto erased = athanor::program::eraseTypes(source, "fuzz.ts");
    if (erased.size() != source.size()) std::abort();
    for (std::size_t at = 0; at < size; ++at)
      if ((erased[at] == '\n') != (source[at] == '\n')) std::abort();
  } catch (const athanor::Error&) {  // the answer to most random text
  }
  return 0;
}
