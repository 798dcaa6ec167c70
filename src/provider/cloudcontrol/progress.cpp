#include "provider/cloudcontrol/progress.h"

#include <charconv>

#include "aws/time.h"

namespace athanor::provider::cloudcontrol {
namespace {

using aws::WallTime;

std::optional<double> numberIn(const Json& value) {
  if (value.is_number()) return value.get<double>();
  if (!value.is_string()) return std::nullopt;
  const auto& text = value.get_ref<const std::string&>();
  double out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return out;
}

/// Seconds since 1970, seconds from now, or a time as text.
std::optional<WallTime> timeIn(const Json& value, WallTime now) {
  constexpr double longAgo = 1e9;  // 2001: what is less can only be a duration
  if (const auto number = numberIn(value))
    return *number >= longAgo
               ? aws::fromEpoch(*number)
               : now + std::chrono::duration_cast<WallTime::duration>(std::chrono::duration<double>(*number));
  if (!value.is_string()) return std::nullopt;
  const auto& text = value.get_ref<const std::string&>();
  if (auto time = aws::parseIsoTime(text)) return time;
  return aws::parseHttpDate(text);
}

Status statusOf(const std::string& text) {
  if (text == "SUCCESS") return Status::succeeded;
  if (text == "FAILED") return Status::failed;
  if (text == "CANCEL_COMPLETE") return Status::cancelled;
  return Status::pending;  // PENDING, IN_PROGRESS, CANCEL_IN_PROGRESS
}

Operation operationOf(const std::string& text) {
  if (text == "UPDATE") return Operation::update;
  return text == "DELETE" ? Operation::remove : Operation::create;
}

}  // namespace

Progress progressFrom(const Json& event, WallTime now, std::chrono::milliseconds ahead) {
  Progress out;
  out.status = statusOf(stringAt(event, "OperationStatus"));
  out.operation = operationOf(stringAt(event, "Operation"));
  out.type = stringAt(event, "TypeName");
  out.requestToken = stringAt(event, "RequestToken");
  out.identifier = stringAt(event, "Identifier");
  out.message = stringAt(event, "StatusMessage");
  if (out.status == Status::failed) out.errorCode = stringAt(event, "ErrorCode", "GeneralServiceException");
  if (const auto model = stringAt(event, "ResourceModel"); !model.empty()) {
    out.model = Json::parse(model, nullptr, false);
    if (out.model.is_discarded()) out.model = nullptr;
  }
  if (!event.is_object()) return out;
  if (auto at = event.find("RetryAfter"); at != event.end() && out.status == Status::pending)
    if (auto time = timeIn(*at, now)) out.retryAfter = *time - ahead;
  if (auto at = event.find("EventTime"); at != event.end()) out.eventTime = timeIn(*at, now);
  return out;
}

}  // namespace athanor::provider::cloudcontrol
