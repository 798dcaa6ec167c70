#pragma once

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/deployment.h"

namespace athanor::engine {

/// Passes all it hears on to another reporter, and notes how long each step takes that succeeds.
class Stopwatch final : public Reporter {
 public:
  /// Both outlive it.
  Stopwatch(Reporter& next, Loop& loop) : next_(next), loop_(loop) {}

  void console(bool error, const std::string& text) override { next_.console(error, text); }
  void note(const std::string& text) override { next_.note(text); }
  void started(const plan::Step& step) override;
  void succeeded(const plan::Step& step, const Json& outputs) override;
  void failed(const plan::Step& step, const Error& error) override;

  /// The latest of each type and action, as many as the state keeps; from now on there are none.
  std::vector<state::Timing> taken();

 private:
  /// The deletion of an old generation and the step of its successor are two.
  static std::pair<std::string, plan::Action> keyOf(const plan::Step& step) { return {step.id, step.action}; }

  Reporter& next_;
  Loop& loop_;
  std::map<std::pair<std::string, plan::Action>, std::chrono::steady_clock::time_point> running_;
  state::Timings timings_;
};

}  // namespace athanor::engine
