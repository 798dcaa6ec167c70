// Any text is a URL with a host, or none; what is encoded decodes to what it was.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "aws/uri.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (const auto uri = athanor::aws::parseUri(text); uri && (uri->host.empty() || uri->path.front() != '/'))
    std::abort();
  if (athanor::aws::percentDecode(athanor::aws::percentEncode(text)) != text) std::abort();
  athanor::aws::parseQuery(text);
  return 0;
}
