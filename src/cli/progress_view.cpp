#include "cli/progress_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/error_text.h"
#include "cli/plan_text.h"

namespace athanor::cli {

using plan::Action;

std::string durationText(std::chrono::nanoseconds duration) {
  using namespace std::chrono;
  const auto tenths = duration_cast<milliseconds>(duration).count() / 100;
  const auto seconds = tenths / 10;
  if (seconds < 10) return fmt::format("{}.{}s", seconds, tenths % 10);
  if (seconds < 60) return fmt::format("{}s", seconds);
  if (seconds < 3600) return fmt::format("{}m {:02}s", seconds / 60, seconds % 60);
  return fmt::format("{}h {:02}m", seconds / 3600, seconds / 60 % 60);
}

const char* going(Action action) {
  switch (action) {
    case Action::create:
      return "creating";
    case Action::update:
      return "updating";
    case Action::replace:
      return "replacing";
    case Action::remove:
      return "deleting";
    case Action::adopt:
      return "adopting";
    case Action::keep:
      return "keeping";
  }
  return "keeping";
}

const char* done(Action action) {
  switch (action) {
    case Action::create:
      return "created";
    case Action::update:
      return "updated";
    case Action::replace:
      return "replaced";
    case Action::remove:
      return "deleted";
    case Action::adopt:
      return "adopted";
    case Action::keep:
      return "kept";
  }
  return "kept";
}

ProgressView::ProgressView(const plan::Plan& plan, Time start) : start_(start) {
  for (const auto& step : plan.steps)
    if (step.action != Action::keep) item(step);
}

ProgressView::Item& ProgressView::item(const plan::Step& step) {
  const auto [found, added] = byId_.try_emplace(step.id, items_.size());
  if (added) items_.push_back({step.id, step.action, step.dependsOn, {}, Item::State::waiting});
  items_[found->second].action = step.action;
  return items_[found->second];
}

const ProgressView::Item* ProgressView::find(const std::string& id) const {
  const auto found = byId_.find(id);
  return found == byId_.end() ? nullptr : &items_[found->second];
}

void ProgressView::started(const plan::Step& step, Time now) {
  auto& entry = item(step);
  entry.state = Item::State::running;
  entry.since = now;
}

namespace {
std::string ranFor(ProgressView::Time since, ProgressView::Time now) {
  return since == ProgressView::Time{} ? "" : "  " + durationText(now - since);
}
}  // namespace

std::string ProgressView::succeeded(const plan::Step& step, Time now, const Style& style) {
  auto& entry = item(step);
  entry.state = Item::State::done;
  return fmt::format("{} {} {}{}\n", paint(style, inkOf(step.action), "✓"), done(step.action),
                     paint(style, Ink::strong, printable(step.id)),
                     paint(style, Ink::faint, ranFor(entry.since, now)));
}

std::string ProgressView::failed(const plan::Step& step, const Error& error, Time now, const Style& style,
                                 const std::filesystem::path& folder) {
  auto& entry = item(step);
  const auto id = paint(style, Ink::strong, printable(step.id));
  if (entry.state == Item::State::waiting && error.code() == ErrorCode::interrupted) {
    entry.state = Item::State::notRun;
    return fmt::format("○ {} {}\n", id, printable(error.what()));
  }
  entry.state = Item::State::failed;
  return fmt::format("{} {} {}{}\n", paint(style, Ink::failure, "✗ failed"), going(step.action), id,
                     paint(style, Ink::faint, ranFor(entry.since, now))) +
         indent(errorText(error, style, folder), "  ");
}

std::vector<const ProgressView::Item*> ProgressView::running() const {
  std::vector<const Item*> out;
  for (const auto& entry : items_)
    if (entry.state == Item::State::running) out.push_back(&entry);
  std::ranges::sort(out, {}, [](const Item* entry) { return std::pair(entry->since, entry); });
  return out;
}

/// "waiting: channel (for config), key (for channel) and 3 more"; "" where nothing waits.
std::string ProgressView::waitingLine() const {
  constexpr std::size_t most = 3;
  std::vector<std::string> names;
  std::size_t waiting = 0;
  for (const auto& entry : items_) {
    if (entry.state != Item::State::waiting || ++waiting > most) continue;
    std::string on;
    for (const auto& id : entry.dependsOn)
      if (const auto* other = find(id); other && other->state != Item::State::done)
        on += (on.empty() ? "" : ", ") + printable(id);
    names.push_back(printable(entry.id) + (on.empty() ? "" : " (for " + on + ")"));
  }
  if (waiting == 0 || stopping_) return "";
  const auto more = waiting > most ? fmt::format(" and {} more", waiting - most) : "";
  return fmt::format("waiting: {}{}", fmt::join(names, ", "), more);
}

std::string ProgressView::totalsLine(Time now) const {
  const auto in = [&](Item::State state) {
    return static_cast<std::size_t>(std::ranges::count(items_, state, &Item::state));
  };
  std::vector<std::string> parts = {fmt::format("{} of {} done", in(Item::State::done), items_.size())};
  const auto add = [&](Item::State state, const char* what) {
    if (const auto number = in(state); number > 0) parts.push_back(fmt::format("{} {}", number, what));
  };
  add(Item::State::failed, "failed");
  add(Item::State::notRun, "not run");
  add(Item::State::running, "running");
  if (!stopping_) add(Item::State::waiting, "waiting");
  if (stopping_) parts.emplace_back("stopping");
  parts.push_back(durationText(now - start_));
  return fmt::format("{}", fmt::join(parts, " · "));
}

std::vector<std::string> ProgressView::lines(Time now, const Style& style, std::size_t height) const {
  constexpr std::array<const char*, 10> turns = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
  const auto turn =
      turns[static_cast<std::size_t>((now - start_) / std::chrono::milliseconds(125)) % turns.size()];
  std::vector<std::string> out;
  if (height == 0) return out;
  const auto waiting = waitingLine();
  const auto active = running();
  // The totals always have a line, what waits one where there are three or more.
  const std::size_t room = height - 1 - (waiting.empty() || height < 3 ? 0 : 1);
  const std::size_t shown = active.size() <= room ? active.size() : room > 0 ? room - 1 : 0;
  for (const auto* entry : std::span(active).first(shown)) {
    out.push_back(
        clip(fmt::format("{} {} {}  {}", paint(style, inkOf(entry->action), turn), going(entry->action),
                         paint(style, Ink::strong, printable(entry->id)), durationText(now - entry->since)),
             style.width));
  }
  if (shown < active.size() && room > 0)
    out.push_back(clip(fmt::format("  and {} more running", active.size() - shown), style.width));
  if (!waiting.empty() && height >= 3) out.push_back(paint(style, Ink::faint, clip(waiting, style.width)));
  out.push_back(clip(totalsLine(now), style.width));
  return out;
}

}  // namespace athanor::cli
