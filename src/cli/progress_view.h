#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "cli/style.h"
#include "plan/plan.h"

namespace athanor::cli {

/// What a running deployment looks like. Pure: it is told what happened and when, and gives text.
class ProgressView {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// Nothing has begun; `start` is when the deployment did.
  ProgressView(const plan::Plan& plan, Time start);

  // What happens. Each may name a step that the plan did not have. The line that succeeded() and failed()
  // give stays on the screen; it has no line end.
  void started(const plan::Step& step, Time now);
  std::string succeeded(const plan::Step& step, Time now, const Style& style);
  std::string failed(const plan::Step& step, const Error& error, Time now, const Style& style,
                     const std::filesystem::path& folder);
  /// No further step starts: what waits is left out.
  void stopping() { stopping_ = true; }

  /// What is going on, for the bottom of the screen: at most `height` lines, none wider than the style's
  /// width. Running steps, longest first, then what waits and for what, then a line of totals.
  std::vector<std::string> lines(Time now, const Style& style, std::size_t height) const;

 private:
  struct Item {
    std::string id;
    plan::Action action;
    std::vector<std::string> dependsOn;
    Time since;
    enum class State : std::uint8_t { waiting, running, done, failed, notRun } state = State::waiting;
  };
  Item& item(const plan::Step& step);
  const Item* find(const std::string& id) const;
  std::vector<const Item*> running() const;
  std::string waitingLine() const;
  std::string totalsLine(Time now) const;

  std::vector<Item> items_;
  std::map<std::string, std::size_t> byId_;
  Time start_;
  bool stopping_ = false;
};

/// "0.4s", "12s", "3m 05s", "1h 02m".
std::string durationText(std::chrono::nanoseconds duration);

/// "create" as something that goes on, and as something done: "creating", "created".
const char* going(plan::Action action);
const char* done(plan::Action action);

}  // namespace athanor::cli
