#include "provider/cloudcontrol/service_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "aws/text.h"
#include "base/json.h"

namespace athanor::provider::cloudcontrol {

struct ServiceError::Answer {
  int status;
  std::string exception;
  std::string words;
  std::string requestId;
};

namespace {

using Names = std::span<const std::string_view>;

bool isOneOf(std::string_view name, Names names) { return std::ranges::find(names, name) != names.end(); }

constexpr std::array<std::string_view, 11> throttles = {"Throttling",
                                                        "Throttled",
                                                        "TooManyRequests",
                                                        "RequestLimitExceeded",
                                                        "RequestThrottled",
                                                        "LimitExceeded",
                                                        "SlowDown",  // S3
                                                        "BandwidthLimitExceeded",
                                                        "ProvisionedThroughputExceeded",
                                                        "TransactionInProgress",
                                                        "PriorRequestNotComplete"};
constexpr std::array<std::string_view, 9> transients = {
    "InternalFailure",        "InternalServerError", "InternalError",
    "InternalServer",         "ServiceUnavailable",  "ServiceInternalError",
    "HandlerInternalFailure", "NetworkFailure",      "RequestTimeout"};
constexpr std::array<std::string_view, 2> conflicts = {"ConcurrentOperation", "ConcurrentModification"};
constexpr std::array<std::string_view, 3> missing = {"ResourceNotFound", "RequestTokenNotFound", "NotFound"};
constexpr std::array<std::string_view, 3> expirations = {"ExpiredToken", "RequestExpired",
                                                         "TokenRefreshRequired"};
constexpr std::array<std::string_view, 8> rejections = {
    "UnrecognizedClient",  "InvalidClientTokenId", "InvalidSignature",   "SignatureDoesNotMatch",
    "IncompleteSignature", "InvalidToken",         "InvalidAccessKeyId", "MissingAuthenticationToken"};

Fault faultOf(int status, const std::string& exception, const std::string& words) {
  const bool aboutTime = words.contains("Signature expired") || words.contains("Signature not yet current");
  if (exception == "RequestTimeTooSkewed" || aboutTime) return Fault::skewed;
  if (status == 429 || isOneOf(exception, throttles)) return Fault::throttled;
  if (isOneOf(exception, conflicts)) return Fault::conflict;
  if (isOneOf(exception, missing)) return Fault::notFound;
  if (isOneOf(exception, expirations)) return Fault::expired;
  if (isOneOf(exception, rejections)) return Fault::rejected;
  if (isOneOf(exception, transients)) return Fault::transient;
  if (exception == "HandlerFailure") return Fault::final;
  return status >= 500 ? Fault::transient : Fault::final;
}

ErrorCode codeOf(Fault fault) {
  switch (fault) {
    case Fault::throttled:
      return ErrorCode::throttled;
    case Fault::conflict:
      return ErrorCode::conflict;
    case Fault::notFound:
      return ErrorCode::notFound;
    case Fault::expired:
    case Fault::rejected:
    case Fault::skewed:
      return ErrorCode::credentials;
    default:
      return ErrorCode::provider;
  }
}

const char* hintOf(Fault fault, std::string_view exception) {
  if (fault == Fault::expired) return "Sign in again (for example `aws sso login`) and repeat the command.";
  if (fault == Fault::skewed) return "Set this machine's clock.";
  if (fault == Fault::rejected)
    return "Check the access key, and that it belongs to the partition of this region.";
  if (fault == Fault::throttled) return "Wait a while, or use a smaller --parallel.";
  if (exception == "AccessDenied" || exception == "UnauthorizedTaggingOperation")
    return "The credentials in use need this permission; Cloud Control acts with the caller's own.";
  if (exception == "TypeNotFound") return "The type may not be offered in this region.";
  if (exception == "UnsupportedAction")
    return "AWS does not offer this operation for the type through Cloud Control.";
  if (exception == "Validation" || exception == "InvalidRequest")
    return "`athanor schema show` prints what the type allows.";
  if (exception == "NotUpdatable") return "A property that cannot change needs the resource to be replaced.";
  if (exception == "ServiceLimitExceeded") return "Raise the service's quota, or delete what is not needed.";
  if (exception == "InvalidCredentials") return "The type's own service did not accept the credentials.";
  if (exception == "ClientTokenConflict")
    return "The token was used for another request before; running the command again makes a new one.";
  return "";
}

/// The token in "… RequestToken 0a1b-… …"; "" where there is none.
std::string tokenIn(const std::string& words) {
  constexpr std::string_view mark = "RequestToken";
  const auto at = words.find(mark);
  if (at == std::string::npos) return "";
  const auto begin = words.find_first_of("0123456789abcdefABCDEF", at + mark.size());
  if (begin == std::string::npos) return "";
  auto token = words.substr(begin, words.find_first_not_of("0123456789abcdefABCDEF-", begin) - begin);
  return token.size() >= 16 ? token : "";
}

std::string exceptionIn(const Json& body, const aws::HttpResponse& response) {
  auto name = stringAt(body, "__type", stringAt(body, "code"));
  if (name.empty()) name = aws::header(response.headers, "x-amzn-errortype");
  name = name.substr(0, name.find(':'));
  name = name.substr(name.rfind('#') + 1);
  if (name.ends_with("Exception")) name.resize(name.size() - std::string_view("Exception").size());
  return name;
}

}  // namespace

ServiceError::ServiceError(const std::string& operation, const aws::HttpResponse& response)
    : ServiceError(operation, [&] {
        const auto body = Json::parse(response.body, nullptr, false);
        Answer out{response.status, exceptionIn(body, response),
                   stringAt(body, "Message", stringAt(body, "message")),
                   aws::header(response.headers, "x-amzn-requestid")};
        if (out.words.empty() && out.exception.empty()) {
          out.words = aws::trim(response.body.substr(0, 200));
          if (out.words.empty()) out.words = "an empty answer";
        }
        return out;
      }()) {}

ServiceError::ServiceError(const std::string& operation, Answer answer)
    : Error([&] {
        const auto fault = faultOf(answer.status, answer.exception, answer.words);
        const auto name = answer.exception.empty() ? fmt::format("HTTP status {}", answer.status)
                                                   : answer.exception + "Exception";
        auto error = Error(codeOf(fault), fmt::format("{} failed: {}{}{}", operation, answer.words,
                                                      answer.words.empty() ? "" : " ", "(" + name + ")"))
                         .next(hintOf(fault, answer.exception));
        return answer.requestId.empty() ? std::move(error)
                                        : std::move(error).with("AWS request id " + answer.requestId);
      }()),
      fault_(faultOf(answer.status, answer.exception, answer.words)),
      exception_(answer.exception),
      words_(answer.words),
      otherRequest_(fault_ == Fault::conflict ? tokenIn(answer.words) : "") {}

}  // namespace athanor::provider::cloudcontrol
