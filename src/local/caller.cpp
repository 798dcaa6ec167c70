#include "local/caller.h"

#include <algorithm>
#include <string_view>

namespace athanor::local {

Scope scopeOf(const http::Request& request, const Caller& fallback) {
  Scope out{fallback, ""};
  constexpr std::string_view key = "Credential=";
  const auto authorization = request.header("authorization");
  const auto begin = authorization.find(key);
  if (begin == std::string_view::npos) return out;
  auto rest = authorization.substr(begin + key.size());
  rest = rest.substr(0, rest.find_first_of(", "));
  // The access key may hold slashes, so count from the end: <key>/<date>/<region>/<service>/aws4_request.
  std::string_view parts[4];
  for (auto& part : parts) {
    const auto slash = rest.rfind('/');
    if (slash == std::string_view::npos) return out;
    part = rest.substr(slash + 1);
    rest = rest.substr(0, slash);
  }
  out.service = parts[1];
  if (!parts[2].empty()) out.caller.region = parts[2];
  const bool account =
      rest.size() == 12 && std::ranges::all_of(rest, [](char c) { return c >= '0' && c <= '9'; });
  if (account) out.caller.account = rest;
  return out;
}

}  // namespace athanor::local
