#include "local/admin/admin.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <memory>
#include <optional>

#include "aws/uri.h"
#include "base/loop.h"
#include "base/time_text.h"
#include "local/admin/kept.h"
#include "local/http/guard.h"

namespace athanor::local::admin {

namespace {

constexpr std::uint64_t mostAtOnce = 2000;
constexpr std::size_t mostPolls = 64;
constexpr std::uint64_t longestWait = 60;  // seconds

http::Response json(const Json& body) {
  return {200,
          {{"Content-Type", "application/json"}},
          body.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"};
}

/// A number of the query, or `fallback` where it is absent; none where it is no number.
std::optional<std::uint64_t> number(const http::Request& request, std::string_view name,
                                    std::uint64_t fallback) {
  for (const auto& [key, value] : aws::parseQuery(request.query)) {
    if (key != name) continue;
    std::uint64_t out = 0;
    const char* end = value.data() + value.size();
    const auto [stop, error] = std::from_chars(value.data(), end, out);
    if (value.empty() || error != std::errc{} || stop != end) return {};
    return out;
  }
  return fallback;
}

http::Response pageOf(const RequestLog::Page& page) {
  Json requests = Json::array();
  for (const auto& one : page.requests) requests.push_back(toJson(one));
  return json({{"requests", std::move(requests)}, {"next", page.next}, {"missed", page.missed}});
}

/// Bytes of memory that are resident (proc(5)).
std::int64_t residentMemory() {
  std::int64_t all = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> all >> resident;
  return resident * ::sysconf(_SC_PAGESIZE);
}

}  // namespace

/// A long poll: answered once, when something new is there or the wait is over.
struct Admin::Poll {
  http::Reply reply;
  std::uint64_t after;
  std::size_t most;
  void end(const RequestLog& log) {
    if (auto once = std::exchange(reply, nullptr)) once(pageOf(log.after(after, most)));
  }
};

Admin::Admin(Loop& loop, cloudcontrol::Database& database, RequestLog& log, Hooks hooks)
    : loop_(loop), database_(database), log_(log), hooks_(std::move(hooks)) {
  log_.onWrite([this] {
    for (auto& poll : std::exchange(polls_, {})) poll->end(log_);
  });
}

Admin::~Admin() { log_.onWrite(nullptr); }

void Admin::answer(const http::Request& request, http::Reply reply) {
  const auto what = std::string_view(request.path).substr(std::string_view("/_athanor/").size());
  const bool get = request.method == "GET", post = request.method == "POST";
  try {
    if (what == "health" && get) return reply(health());
    if (what == "status" && get) return reply(status());
    if (what == "requests" && get) return requests(request, std::move(reply));
    if (what == "reset" && post) return reply(reset(request));
  } catch (const std::exception& error) {
    return reply(http::problem(500, error.what()));
  }
  reply(http::problem(
      404, fmt::format("{} {} is nothing that this server tells or does", request.method, request.path),
      "Ask GET health, status or requests, or POST reset, below /_athanor/."));
}

http::Response Admin::health() const {
  return json({{"athanor", ATHANOR_VERSION},
               {"id", facts_.id},
               {"account", facts_.account},
               {"region", facts_.region},
               {"data", facts_.data},
               {"signatures", facts_.verifies ? "checked" : "unchecked"},
               {"answered", log_.counts().answered},
               {"throttled", log_.counts().throttled}});
}

http::Response Admin::status() {
  hooks_.endBatch();
  auto out = toJson(countKept(database_));
  const auto& counts = log_.counts();
  out.update({{"athanor", ATHANOR_VERSION},
              {"id", facts_.id},
              {"url", facts_.url},
              {"process", ::getpid()},
              {"since", isoTimeWithMilliseconds(facts_.since)},
              {"data", facts_.data},
              {"account", facts_.account},
              {"region", facts_.region},
              {"latency", facts_.latency.count()},
              {"memory", residentMemory()},
              {"requests",
               {{"answered", counts.answered}, {"throttled", counts.throttled}, {"failed", counts.failed}}}});
  if (facts_.rate > 0) out["rate"] = facts_.rate;
  return json(out);
}

http::Response Admin::reset(const http::Request& request) {
  if (auto refusal = http::refusalOfStrangers(request)) return *std::move(refusal);
  hooks_.endBatch();
  auto deleted = toJson(countKept(database_));
  forgetAll(database_);
  hooks_.deleted();
  return json({{"deleted", std::move(deleted)}});
}

void Admin::requests(const http::Request& request, http::Reply reply) {
  const auto limit = number(request, "limit", 100);
  const auto wait = number(request, "wait", 0);
  const auto after = number(request, "after", 0);
  if (!limit || !wait || !after)
    return reply(http::problem(400, "after, limit and wait (seconds) are whole numbers"));
  const auto most = static_cast<std::size_t>(std::clamp<std::uint64_t>(*limit, 1, mostAtOnce));
  if (request.query.find("after=") == std::string::npos) return reply(pageOf(log_.newest(most)));
  auto page = log_.after(*after, most);
  if (*wait == 0 || !page.requests.empty() || page.missed > 0) return reply(pageOf(page));
  auto poll = std::make_shared<Poll>(std::move(reply), page.next, most);
  if (polls_.size() >= mostPolls) return poll->end(log_);
  polls_.push_back(poll);
  loop_.after(std::chrono::seconds(std::min(*wait, longestWait)), [this, poll] {
    std::erase(polls_, poll);
    poll->end(log_);
  });
}

}  // namespace athanor::local::admin
