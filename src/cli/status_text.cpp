#include "cli/status_text.h"

#include <fmt/format.h>

#include <ctime>
#include <map>

#include "aws/time.h"
#include "base/error.h"
#include "base/time_text.h"
#include "cli/progress_view.h"
#include "cli/state_text.h"

namespace athanor::cli {

namespace {

/// How many resources of each type, whoever has them.
std::map<std::string, std::int64_t> byType(const Json& kept) {
  std::map<std::string, std::int64_t> out;
  for (const auto& one : kept.at("resources")) out[one.at("type")] += one.at("count").get<std::int64_t>();
  return out;
}

std::size_t total(const std::map<std::string, std::int64_t>& types) {
  std::int64_t sum = 0;
  for (const auto& [type, many] : types) sum += many;
  return static_cast<std::size_t>(sum);
}

std::string sinceText(const std::string& since, std::chrono::system_clock::time_point now) {
  const auto then = aws::parseIsoTime(since);
  if (!then) return since;
  return fmt::format("{} ({})", isoTime(*then),
                     durationText(now - std::chrono::floor<std::chrono::seconds>(*then)));
}

}  // namespace

std::string statusText(const Json& status, std::chrono::system_clock::time_point now) {
  const auto& requests = status.at("requests");
  const auto types = byType(status);
  std::string operations = fmt::format("{} under way, {} remembered", status.at("active").get<std::int64_t>(),
                                       status.at("operations").get<std::int64_t>());
  if (const auto latency = status.at("latency").get<std::int64_t>(); latency > 0)
    operations += fmt::format("; each takes {} ms", latency);
  std::string answered =
      fmt::format("{} answered, of these {} failed; {} throttled", requests.at("answered").dump(),
                  requests.at("failed").dump(), requests.at("throttled").dump());
  if (status.contains("rate")) answered += fmt::format(", at {} a second", status.at("rate").dump());
  std::vector<std::vector<std::string>> rows = {
      {"url", stringAt(status, "url")},
      {"since", sinceText(stringAt(status, "since"), now)},
      {"process", fmt::format("{} (Athanor {})", status.at("process").dump(), stringAt(status, "athanor"))},
      {"memory",
       fmt::format("{:.1f} MiB", static_cast<double>(status.at("memory").get<std::int64_t>()) / 1048576.0)},
      {"data", printable(stringAt(status, "data"))},
      {"account", fmt::format("{}, {}", stringAt(status, "account"), stringAt(status, "region"))},
      {"requests", answered},
      {"operations", operations},
      {"resources", fmt::format("{}", total(types))}};
  for (const auto& [type, many] : types)
    rows.push_back({"", fmt::format("{:>7}  {}", many, printable(type))});
  return tableText(rows);
}

std::string keptText(const Json& kept) {
  const auto types = byType(kept);
  auto out = count(total(types), "resource");
  std::vector<std::string> parts;
  parts.reserve(types.size());
  for (const auto& [type, many] : types) parts.push_back(fmt::format("{} {}", printable(type), many));
  if (!parts.empty()) out += fmt::format(" ({})", fmt::join(parts, ", "));
  return out + " and " + count(kept.at("operations").get<std::size_t>(), "operation");
}

std::string requestText(const Json& request, const std::string& account, const std::string& region,
                        const Style& style) {
  const auto word = [&](const char* name) { return printable(stringAt(request, name)); };
  const auto time = stringAt(request, "time");
  const auto outcome = fmt::format("{:<28}", word("outcome"));
  const bool bad = request.at("status").get<int>() != 200 || outcome.starts_with("FAILED");
  std::string out =
      fmt::format("{}  {:<24}  {}  {:>9.2f} ms  {} {}", time.size() > 11 ? time.substr(11, 12) : time,
                  word("operation"), bad ? paint(style, Ink::failure, outcome) : outcome,
                  request.at("milliseconds").get<double>(), word("type"), word("identifier"));
  if (stringAt(request, "account") != account || stringAt(request, "region") != region)
    out += fmt::format("  ({}, {})", word("account"), word("region"));
  while (out.ends_with(' ')) out.pop_back();
  return out + "\n";
}

}  // namespace athanor::cli
