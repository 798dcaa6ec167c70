#include "local/sts/identity.h"

#include <fmt/format.h>

namespace athanor::local::sts {

namespace {

/// A field of a form; AWS's clients encode none of the characters that an action's name has.
std::string field(std::string_view form, std::string_view name) {
  while (!form.empty()) {
    const auto end = std::min(form.find('&'), form.size());
    const auto pair = form.substr(0, end);
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == name)
      return std::string(pair.substr(equals + 1));
    form.remove_prefix(std::min(end + 1, form.size()));
  }
  return "";
}

std::string action(const http::Request& request) {
  auto out = field(request.body, "Action");
  return out.empty() ? field(request.query, "Action") : out;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '&')
      out += "&amp;";
    else
      out += c;
  }
  return out;
}

constexpr const char* xmlns = "https://sts.amazonaws.com/doc/2011-06-15/";

}  // namespace

bool isQuery(const http::Request& request) {
  return request.method == "POST" &&
         request.header("content-type").starts_with("application/x-www-form-urlencoded");
}

http::Response answer(const http::Request& request, const Scope& scope, const std::string& requestId) {
  http::Response out{200, {{"Content-Type", "text/xml"}, {"x-amzn-RequestId", requestId}}, ""};
  const auto wanted = action(request);
  if (wanted == "GetCallerIdentity") {
    out.body = fmt::format(
        R"(<GetCallerIdentityResponse xmlns="{}"><GetCallerIdentityResult><Arn>arn:{}:iam::{}:root</Arn><UserId>{}</UserId><Account>{}</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>{}</RequestId></ResponseMetadata></GetCallerIdentityResponse>)",
        xmlns, partition(scope.caller), scope.caller.account, scope.caller.account, scope.caller.account,
        requestId);
    return out;
  }
  out.status = 400;
  out.body = fmt::format(
      R"(<ErrorResponse xmlns="{}"><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>The AWS that runs here does not know the action {}{}.</Message></Error><RequestId>{}</RequestId></ErrorResponse>)",
      xmlns, escaped(wanted), scope.service.empty() ? "" : " of " + escaped(scope.service), requestId);
  return out;
}

}  // namespace athanor::local::sts
