#include "local/admin/request_log.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "aws/uri.h"
#include "base/time_text.h"
#include "local/s3/operation.h"

namespace athanor::local::admin {

namespace {

constexpr std::size_t mostKept = 2000;
/// Bytes of each text that are kept: the longest identifier that Cloud Control knows.
constexpr std::size_t longest = 1024;

std::string clipped(std::string_view text) { return std::string(text.substr(0, longest)); }

/// The string member `name` of the JSON object in `text`, which need not be valid. JSON inside of strings has
/// its quotes escaped, so that it is never mistaken for the object's own.
std::string memberOf(std::string_view text, std::string_view name) {
  const auto key = fmt::format("\"{}\"", name);
  for (auto at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
    if (at > 0 && text[at - 1] == '\\') continue;
    auto rest = text.substr(at + key.size());
    const auto skip = [&](std::string_view what) {
      rest.remove_prefix(std::min(rest.find_first_not_of(what), rest.size()));
    };
    skip(" \t\r\n");
    if (!rest.starts_with(':')) continue;
    rest.remove_prefix(1);
    skip(" \t\r\n");
    if (!rest.starts_with('"')) continue;
    std::size_t end = 1;
    while (end < rest.size() && rest[end] != '"') end += rest[end] == '\\' ? 2 : 1;
    if (end >= rest.size()) return "";
    const auto literal = Json::parse(rest.substr(0, end + 1), nullptr, false);
    return literal.is_string() ? clipped(literal.get_ref<const std::string&>()) : "";
  }
  return "";
}

constexpr std::string_view cloudControl = "CloudApiService.";
constexpr std::string_view progressEvent = "{\"ProgressEvent\":";

/// The Action of a form or a query (the query protocol); "" where there is none.
std::string actionOf(const http::Request& request) {
  const bool form = request.header("content-type").starts_with("application/x-www-form-urlencoded");
  for (const auto& [name, value] : aws::parseQuery(form ? request.body : request.query))
    if (name == "Action") return clipped(value);
  return "";
}

void describe(const http::Request& request, LoggedRequest& out) {
  const auto target = request.header("x-amz-target");
  if (target.starts_with(cloudControl)) {
    out.service = "cloudcontrol";
    out.operation = clipped(target.substr(cloudControl.size()));
    out.type = memberOf(request.body, "TypeName");
    out.identifier = memberOf(request.body, "Identifier");
  } else if (!target.empty()) {
    out.operation = clipped(target);
  } else if (auto action = actionOf(request); !action.empty()) {
    out.service = "sts";
    out.operation = std::move(action);
  } else if (const auto name = s3::operationOf(s3::callOf(request)); !name.empty()) {
    out.service = "s3";
    out.operation = name;
    out.identifier = clipped(request.path);
  } else {
    out.operation = clipped(fmt::format("{} {}", request.method, request.path));
  }
}

/// The name of an exception, without its namespace, as JSON or XML tells it.
std::string exceptionOf(const std::string& body) {
  auto name = memberOf(body.substr(0, 4096), "__type");
  if (name.empty())
    if (const auto code = body.find("<Code>"); code != std::string::npos)
      name = clipped(std::string_view(body).substr(code + 6, body.find("</Code>", code) - code - 6));
  return name.substr(name.find('#') + 1);
}

void describe(const http::Response& response, LoggedRequest& out) {
  out.status = response.status;
  if (response.status >= 400) {
    out.outcome = exceptionOf(response.body);
    if (out.outcome.empty()) out.outcome = fmt::format("HTTP {}", response.status);
    return;
  }
  out.outcome = "OK";
  if (!response.body.starts_with(progressEvent)) return;
  out.outcome = memberOf(response.body, "OperationStatus");
  if (const auto code = memberOf(response.body, "ErrorCode"); !code.empty()) out.outcome += " " + code;
  if (out.type.empty()) out.type = memberOf(response.body, "TypeName");
  if (out.identifier.empty()) out.identifier = memberOf(response.body, "Identifier");
}

}  // namespace

Json toJson(const LoggedRequest& request) {
  return {{"number", request.number},
          {"time", isoTimeWithMilliseconds(request.at)},
          {"account", request.caller.account},
          {"region", request.caller.region},
          {"service", request.service},
          {"operation", request.operation},
          {"type", request.type},
          {"identifier", request.identifier},
          {"status", request.status},
          {"outcome", request.outcome},
          {"milliseconds", static_cast<double>(request.took.count()) / 1000.0},
          {"requestId", request.requestId}};
}

/// A request on its way to its answer; written down at its end, however it ends.
class RequestLog::Entry {
 public:
  Entry(RequestLog& log, LoggedRequest request, http::Reply reply)
      : log_(&log), request_(std::move(request)), reply_(std::move(reply)) {}
  Entry(Entry&& other) noexcept
      : log_(std::exchange(other.log_, nullptr)),
        request_(std::move(other.request_)),
        reply_(std::move(other.reply_)),
        began_(other.began_) {}
  Entry& operator=(Entry&&) = delete;
  ~Entry() {
    if (log_) write();
  }

  void operator()(http::Response response) {
    describe(response, request_);
    write();
    reply_(std::move(response));
  }

 private:
  void write() {
    if (request_.outcome.empty()) request_.outcome = "no answer";
    request_.took =
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began_);
    std::exchange(log_, nullptr)->add(std::move(request_));
  }

  RequestLog* log_;
  LoggedRequest request_;
  http::Reply reply_;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

http::Reply RequestLog::writing(const http::Request& request, const Caller& caller, std::string requestId,
                                http::Reply reply) {
  LoggedRequest entry;
  entry.at = sources_.now();
  entry.caller = caller;
  entry.requestId = std::move(requestId);
  describe(request, entry);
  return Entry(*this, std::move(entry), std::move(reply));
}

void RequestLog::add(LoggedRequest request) {
  if (request.service == "cloudcontrol" && request.status > 0) {
    const bool throttled = request.outcome == "ThrottlingException";
    ++(throttled ? counts_.throttled : counts_.answered);
    if (!throttled && request.status >= 400) ++counts_.failed;
  }
  request.number = ++last_;
  kept_.push_back(std::move(request));
  if (kept_.size() > mostKept) kept_.pop_front();
  if (hear_) hear_();
}

RequestLog::Page RequestLog::after(std::uint64_t after, std::size_t most) const {
  Page out;
  const auto first = last_ - kept_.size();  // the number before the oldest
  if (after > last_) after = first;         // of a server that ran before this one
  out.missed = first > after ? first - after : 0;
  const auto begin = static_cast<std::ptrdiff_t>(std::max(after, first) - first);
  const auto many = std::min(most, kept_.size() - static_cast<std::size_t>(begin));
  out.requests.assign(kept_.begin() + begin, kept_.begin() + begin + static_cast<std::ptrdiff_t>(many));
  out.next = out.requests.empty() ? std::max(after, first) : out.requests.back().number;
  return out;
}

RequestLog::Page RequestLog::newest(std::size_t most) const {
  auto out = after(last_ - std::min<std::uint64_t>(most, kept_.size()), most);
  out.missed = 0;
  return out;
}

}  // namespace athanor::local::admin
