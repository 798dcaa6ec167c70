#include "aws/sts.h"

#include <fmt/format.h>

#include "aws/text.h"
#include "aws/time.h"
#include "aws/uri.h"

namespace athanor::aws::sts {
namespace {

HttpRequest requestOf(const std::string& action, const Endpoint& endpoint, Fields fields) {
  fields.insert(fields.begin(), {{"Action", action}, {"Version", "2011-06-15"}});
  HttpRequest out;
  out.method = "POST";
  out.url = endpoint.url;
  out.headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}};
  out.body = formBody(fields);
  return out;
}

std::string answerOf(const std::string& action, const HttpRequest& request, const HttpResponse& response) {
  if (response.status == 200) return response.body;
  auto code = xmlText(response.body, "Code"), words = xmlText(response.body, "Message");
  if (code.empty())  // nothing that speaks STS
    throw Error(ErrorCode::provider,
                fmt::format("{} at {} answered with HTTP status {}", action, request.url, response.status));
  const bool expired = code.contains("Expired");
  throw Error(ErrorCode::credentials,
              fmt::format("{} at {} failed: {} ({})", action, request.url, words, code))
      .next(expired ? "The credentials have expired: sign in again and repeat the command."
                    : "Check the credentials, and that they may do this.");
}

Credentials credentialsFrom(const std::string& action, const std::string& body) {
  Credentials out{
      .key = {xmlText(body, "AccessKeyId"), xmlText(body, "SecretAccessKey"), xmlText(body, "SessionToken")},
      .expires = parseIsoTime(xmlText(body, "Expiration"))};
  if (out.key.accessKeyId.empty() || out.key.secretAccessKey.empty())
    throw Error(ErrorCode::credentials, action + " answered without keys");
  return out;
}

Task<std::string> ask(Loop* loop, HttpClient* http, std::string action, Endpoint endpoint, sigv4::Key key,
                      Fields fields) {
  auto request = requestOf(action, endpoint, std::move(fields));
  if (loop) sigv4::sign(request, key, {endpoint.region, "sts"}, loop->now());
  const auto response = co_await http->send(request);
  co_return answerOf(action, request, response);
}

}  // namespace

Task<Identity> callerIdentity(Loop& loop, HttpClient& http, Endpoint endpoint, sigv4::Key key) {
  return [](Task<std::string> asked) -> Task<Identity> {
    const auto body = co_await std::move(asked);
    co_return Identity{xmlText(body, "Account"), xmlText(body, "Arn")};
  }(ask(&loop, &http, "GetCallerIdentity", std::move(endpoint), std::move(key), {}));
}

Task<Credentials> assumeRole(Loop& loop, HttpClient& http, Endpoint endpoint, sigv4::Key key, Fields fields) {
  return [](Task<std::string> asked) -> Task<Credentials> {
    co_return credentialsFrom("AssumeRole", co_await std::move(asked));
  }(ask(&loop, &http, "AssumeRole", std::move(endpoint), std::move(key), std::move(fields)));
}

Task<Credentials> assumeRoleWithWebIdentity(HttpClient& http, Endpoint endpoint, Fields fields) {
  return [](Task<std::string> asked) -> Task<Credentials> {
    co_return credentialsFrom("AssumeRoleWithWebIdentity", co_await std::move(asked));
  }(ask(nullptr, &http, "AssumeRoleWithWebIdentity", std::move(endpoint), {}, std::move(fields)));
}

}  // namespace athanor::aws::sts
