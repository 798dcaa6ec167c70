#include "aws/http.h"

#include "aws/text.h"

namespace athanor::aws {

std::string header(const Headers& headers, std::string_view name) {
  const auto wanted = lower(name);
  for (const auto& [key, value] : headers)
    if (lower(key) == wanted) return value;
  return "";
}

}  // namespace athanor::aws
