#include "local/sts/sts.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "aws/sigv4.h"
#include "aws/uri.h"
#include "base/time_text.h"
#include "local/sts/role.h"
#include "local/xml.h"

namespace athanor::local::sts {

namespace {

constexpr const char* version = "2011-06-15";

using Fields = std::vector<std::pair<std::string, std::string>>;

Fields fieldsOf(const http::Request& request) {
  auto form = request.method == "POST" ? request.body : request.query;
  std::ranges::replace(form, '+', ' ');
  return aws::parseQuery(form);
}

/// The first of that name, which is the one that STS takes; none where it was not sent.
std::optional<std::string> field(const Fields& fields, std::string_view name) {
  for (const auto& [key, value] : fields)
    if (key == name) return value;
  return {};
}

std::string credentials(const auth::TemporaryKeys& keys) {
  return fmt::format(
      "    <Credentials>\n      <AccessKeyId>{}</AccessKeyId>\n      <SecretAccessKey>{}"
      "</SecretAccessKey>\n      <SessionToken>{}</SessionToken>\n      <Expiration>{}"
      "</Expiration>\n    </Credentials>\n",
      keys.accessKeyId, keys.secretAccessKey, keys.sessionToken, isoTime(keys.expires));
}

std::string callerIdentity(const Fields&, const auth::Asker& asker, auth::Sessions&) {
  return fmt::format("    <Arn>{}</Arn>\n    <UserId>{}</UserId>\n    <Account>{}</Account>\n",
                     xmlEscaped(asker.principal.arn(partition(asker.caller))),
                     xmlEscaped(asker.principal.userId), asker.principal.account);
}

std::string assumeRole(const Fields& fields, const auth::Asker& asker, auth::Sessions& sessions) {
  const auto wanted = readRole({.arn = field(fields, "RoleArn"),
                                .sessionName = field(fields, "RoleSessionName"),
                                .seconds = field(fields, "DurationSeconds")});
  if (asker.principal.role() && wanted.life > std::chrono::hours(1))
    throw Invalid(
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.");
  const auto keys = sessions.issue(wanted.principal, wanted.life);
  auto out = fmt::format(
      "    <AssumedRoleUser>\n      <AssumedRoleId>{}</AssumedRoleId>\n      <Arn>{}</Arn>\n"
      "    </AssumedRoleUser>\n",
      wanted.principal.userId, wanted.principal.arn(wanted.partition));
  out += credentials(keys);
  if (const auto source = field(fields, "SourceIdentity"))
    out += fmt::format("    <SourceIdentity>{}</SourceIdentity>\n", xmlEscaped(*source));
  return out;
}

std::string sessionToken(const Fields& fields, const auth::Asker& asker, auth::Sessions& sessions) {
  if (asker.temporary)
    throw Invalid("Cannot call GetSessionToken with session credentials", "AccessDenied", 403);
  auto life = readDuration(field(fields, "DurationSeconds"), {900, 129'600, 43'200});
  // An account's own keys get an hour at most (API reference of GetSessionToken).
  if (asker.principal.resource == "root") life = std::min(life, std::chrono::seconds(3600));
  return credentials(sessions.issue(asker.principal, life));
}

struct Action {
  std::string_view name;
  std::string (*answer)(const Fields&, const auth::Asker&, auth::Sessions&);
};
constexpr Action actions[] = {
    {"AssumeRole", assumeRole}, {"GetCallerIdentity", callerIdentity}, {"GetSessionToken", sessionToken}};

http::Response failure(const Invalid& invalid, const std::string& requestId) {
  return {
      invalid.status(),
      {{"Content-Type", "text/xml"}, {"x-amzn-RequestId", requestId}},
      fmt::format("<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/{}/\">\n  <Error>\n    <Type>Sender"
                  "</Type>\n    <Code>{}</Code>\n    <Message>{}</Message>\n  </Error>\n  <RequestId>{}"
                  "</RequestId>\n</ErrorResponse>\n",
                  version, invalid.code(), xmlEscaped(invalid.what()), requestId)};
}

}  // namespace

std::vector<std::string_view> operations() {
  std::vector<std::string_view> out;
  for (const auto& action : actions) out.push_back(action.name);
  return out;
}

bool isQuery(const http::Request& request) {
  if (request.method == "POST")
    return request.header("content-type").starts_with("application/x-www-form-urlencoded");
  return request.method == "GET" && request.path == "/" &&
         field(aws::parseQuery(request.query), "Action").has_value();
}

bool isSts(const http::Request& request) { return field(fieldsOf(request), "Version") == version; }

http::Response answer(const http::Request& request, const auth::Asker& asker, auth::Sessions& sessions,
                      const std::string& requestId) {
  const auto fields = fieldsOf(request);
  const auto action = field(fields, "Action").value_or("");
  const bool sts = field(fields, "Version") == version;
  std::string result;
  try {
    const auto* found = std::ranges::find(actions, action, &Action::name);
    if (!sts || found == std::end(actions))
      throw Invalid(fmt::format("The AWS that runs here does not know the action {}{}.", action,
                                asker.service.empty() ? "" : " of " + asker.service),
                    "InvalidAction");
    result = found->answer(fields, asker, sessions);
  } catch (const Invalid& invalid) {
    return failure(invalid, requestId);
  } catch (const std::exception& error) {  // the key of sessions cannot be made, most likely
    return failure(Invalid(error.what(), "InternalFailure", 500), requestId);
  }
  return {200,
          {{"Content-Type", "text/xml"}, {"x-amzn-RequestId", requestId}},
          fmt::format(
              "<{0}Response xmlns=\"https://sts.amazonaws.com/doc/{1}/\">\n  <{0}Result>\n{2}  </{0}Result>"
              "\n  <ResponseMetadata>\n    <RequestId>{3}</RequestId>\n  </ResponseMetadata>\n"
              "</{0}Response>\n",
              action, version, result, requestId)};
}

}  // namespace athanor::local::sts
