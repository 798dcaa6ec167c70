#include "cli/history_text.h"

#include <fmt/format.h>

#include "base/time_text.h"
#include "cli/plan_text.h"
#include "cli/progress_view.h"
#include "cli/state_text.h"

namespace athanor::cli {

using state::Run;

namespace {

std::string outcomeText(const Run& run, const Style& style) {
  const auto* word = state::name(run.outcome);
  switch (run.outcome) {
    case Run::Outcome::succeeded:
      return paint(style, Ink::create, word);
    case Run::Outcome::unfinished:
      return word;
    case Run::Outcome::failed:
    case Run::Outcome::stopped:
    case Run::Outcome::interrupted:
      return paint(style, Ink::failure, word);
  }
  return word;
}

/// Of a command that touches nothing but the record.
std::string recordedOf(const Run& run) {
  std::vector<std::string> pieces;
  if (run.done.update > 0) pieces.push_back(fmt::format("{} recorded as live", run.done.update));
  if (run.done.remove > 0) pieces.push_back(fmt::format("{} forgotten", run.done.remove));
  return fmt::format("{}", fmt::join(pieces, ", "));
}

std::string changesOf(const Run& run) {
  if (run.command == "drift --accept") return recordedOf(run);
  if (run.command.starts_with("state mv")) return "1 given another id";
  std::vector<std::string> pieces;
  const auto add = [&](std::size_t number, const char* what) {
    if (number > 0) pieces.push_back(fmt::format("{} {}", number, what));
  };
  if (!run.endedAt || run.outcome == Run::Outcome::interrupted) {
    const auto& all = run.planned;
    return fmt::format("{} planned", all.create + all.update + all.replace + all.remove + all.adopt);
  }
  add(run.done.failed, "failed");
  add(run.done.create, "created");
  add(run.done.adopt, "adopted");
  add(run.done.update, "updated");
  add(run.done.replace, "replaced");
  add(run.done.remove, "deleted");
  add(run.done.keep, "unchanged");
  add(run.done.notRun, "not run");
  return pieces.empty() ? "nothing changed" : fmt::format("{}", fmt::join(pieces, ", "));
}

std::string whoOf(const Run& run) { return run.host.empty() ? run.user : run.user + "@" + run.host; }

std::chrono::nanoseconds tookOf(const Run& run) {
  return run.endedAt ? std::max(*run.endedAt - run.begunAt, std::chrono::nanoseconds{0})
                     : std::chrono::nanoseconds{0};
}

}  // namespace

std::string historyText(const std::vector<Run>& runs, const Style& style,
                        const std::filesystem::path& folder) {
  if (runs.empty()) return "Nothing was deployed so far.\n";
  std::vector<std::vector<std::string>> rows;
  rows.reserve(runs.size());
  for (const auto& run : runs) {
    rows.push_back({fmt::format("#{}", run.number), isoTime(run.begunAt), printable(run.command),
                    outcomeText(run, style), run.endedAt ? durationText(tookOf(run)) : "", changesOf(run),
                    printable(whoOf(run)), printable(placeText({run.program, 0, 0}, folder))});
  }
  return tableText(rows);
}

Json historyJson(const state::Scope& scope, const std::vector<Run>& runs) {
  Json rows = Json::array();
  for (const auto& run : runs) {
    Json row = {{"number", run.number},
                {"command", run.command},
                {"program", run.program},
                {"user", run.user},
                {"host", run.host},
                {"target", athanor::toJson(run.target)},
                {"begunAt", isoTime(run.begunAt)},
                {"outcome", state::name(run.outcome)},
                {"planned", state::toJson(run.planned)},
                {"done", state::toJson(run.done)}};
    if (run.endedAt) {
      row["endedAt"] = isoTime(*run.endedAt);
      row["seconds"] = std::chrono::duration<double>(tookOf(run)).count();
    }
    rows.push_back(std::move(row));
  }
  return {{"app", scope.app}, {"stage", scope.stage}, {"runs", std::move(rows)}};
}

std::string roughly(std::chrono::milliseconds duration) {
  const auto to = [&](std::int64_t unit) {  // the nearest multiple of so many milliseconds
    return (duration.count() + unit / 2) / unit * unit;
  };
  const auto seconds = to(duration < std::chrono::seconds(10) ? 1000 : 5000) / 1000;
  if (seconds < 60) return fmt::format("{} s", seconds);
  const auto minutes = to(duration < std::chrono::hours(1) ? 60'000 : 300'000) / 60'000;
  if (minutes < 60) return fmt::format("{} min", minutes);
  return minutes % 60 == 0 ? fmt::format("{} h", minutes / 60)
                           : fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

std::string predictedText(const plan::Plan& plan, const Style& style) {
  if (!plan.predicted || *plan.predicted < std::chrono::seconds(1)) return "";
  return paint(style, Ink::faint,
               fmt::format("About {}, going by earlier deployments.", roughly(*plan.predicted))) +
         "\n";
}

}  // namespace athanor::cli
