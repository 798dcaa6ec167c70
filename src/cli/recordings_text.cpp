#include "cli/recordings_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace athanor::cli {

namespace {

/// "1:02:03" or "2:03".
std::string clock(std::int64_t milliseconds) {
  const auto seconds = milliseconds / 1000;
  return seconds < 3600 ? fmt::format("{}:{:02}", seconds / 60, seconds % 60)
                        : fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

}  // namespace

std::string recordingsText(const Json& recordings) {
  if (recordings.empty()) return "Nothing was recorded yet.\n";
  std::string out;
  for (const auto& one : recordings) {
    const auto name = stringAt(one, "channelName");
    out += fmt::format("{}  {:>7}  {:<9}  {}\n", stringAt(one, "startedAt"),
                       clock(one.at("durationMs").get<std::int64_t>()), stringAt(one, "state"),
                       name.empty() || name == "-" ? stringAt(one, "channelArn") : name);
    out += fmt::format("    s3://{}/{}/\n", stringAt(one, "bucket"), stringAt(one, "prefix"));
    const auto renditions = one.at("renditions").get<std::vector<std::string>>();
    out += fmt::format("    {}",
                       renditions.empty() ? "no video" : fmt::format("{}", fmt::join(renditions, ", ")));
    if (const auto streams = one.at("streams").get<int>(); streams > 1)
      out += fmt::format(", {} streams", streams);
    if (const auto waiting = one.at("waiting").get<int>(); waiting > 0)
      out += fmt::format(", {} objects not stored yet", waiting);
    out += "\n";
    if (const auto failure = stringAt(one, "failure"); !failure.empty()) out += "    " + failure + "\n";
  }
  return out;
}

std::string eventText(const Json& event) {
  const auto& detail = event.at("detail");
  const auto name = stringAt(detail, "event_name", stringAt(detail, "recording_status"));
  const auto reason = stringAt(detail, "reason", stringAt(detail, "recording_status_reason"));
  return fmt::format("{}  {:<20}  {}  {}{}\n", stringAt(event, "time"), name,
                     event.at("resources").at(0).get<std::string>(), stringAt(detail, "stream_id"),
                     reason.empty() ? "" : "  " + reason);
}

}  // namespace athanor::cli
