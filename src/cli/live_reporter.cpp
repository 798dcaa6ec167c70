#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "cli/progress_view.h"
#include "cli/reporters.h"
#include "cli/screen.h"

namespace athanor::cli {

namespace {

using Clock = std::chrono::steady_clock;

/// Draws on a thread of its own, so that seconds pass on the screen while the program computes.
class Live final : public Reporter {
 public:
  Live(Audience audience, Interrupts& interrupts) : to_(std::move(audience)), interrupts_(interrupts) {}
  ~Live() override { close(); }

  void begin(const plan::Plan& plan) override {
    {
      const std::scoped_lock held(mutex_);
      view_.emplace(plan, Clock::now());
    }
    if (thread_.joinable() || (plan.summary().changes() == 0 && plan.endedEarly.empty())) return;
    interrupts_.beforeExit([this] { to_.console.out(fmt::format("\r{}\n", Screen::cursor)); });
    thread_ = std::jthread([this](const std::stop_token& stop) { draw(stop); });
  }
  void end() override { close(); }

  void console(bool error, const std::string& text) override {
    const std::scoped_lock held(mutex_);
    to_.console.out(screen_.clear(to_.console.width()));
    const auto line = text.ends_with('\n') ? text : text + "\n";
    error ? to_.console.err(line) : to_.console.out(line);
  }
  void note(const std::string& text) override { say(printable(text)); }
  void started(const plan::Step& step) override {
    const std::scoped_lock held(mutex_);
    view().started(step, Clock::now());
  }
  void succeeded(const plan::Step& step, const Json&) override {
    const std::scoped_lock held(mutex_);
    put(view().succeeded(step, Clock::now(), to_.console.style()));
  }
  void failed(const plan::Step& step, const Error& error) override {
    const std::scoped_lock held(mutex_);
    told_.insert(error.what());
    put(view().failed(step, error, Clock::now(), to_.console.style(), to_.folder));
  }
  void stopping() override {
    const std::scoped_lock held(mutex_);
    view().stopping();
    put("Stopping: waiting for what is in flight. Ctrl-C again leaves at once.");
  }

 private:
  /// Callers hold the mutex.
  ProgressView& view() {
    if (!view_) view_.emplace(plan::Plan{}, Clock::now());
    return *view_;
  }
  void put(const std::string& text) {
    to_.console.out(screen_.clear(to_.console.width()) + text + (text.ends_with('\n') ? "" : "\n"));
  }
  void say(const std::string& text) {
    const std::scoped_lock held(mutex_);
    put(text);
  }

  void draw(const std::stop_token& stop) {
    std::unique_lock held(mutex_);
    while (!wake_.wait_for(held, stop, std::chrono::milliseconds(125), [] { return false; }) &&
           !stop.stop_requested()) {
      auto style = to_.console.style();
      const auto width = style.width;
      style.width = width > 1 ? width - 1 : 1;
      const auto height = std::clamp<std::size_t>(to_.console.height() / 2, 1, 16);
      to_.console.out(screen_.draw(view().lines(Clock::now(), style, height), width));
    }
  }

  void close() {
    if (!thread_.joinable()) return;
    thread_.request_stop();
    thread_.join();
    interrupts_.beforeExit(nullptr);
    const std::scoped_lock held(mutex_);
    to_.console.out(screen_.close(to_.console.width()));
  }

  Audience to_;
  Interrupts& interrupts_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::optional<ProgressView> view_;
  Screen screen_;
  std::jthread thread_;
};

}  // namespace

std::unique_ptr<Reporter> liveReporter(Audience audience, Interrupts& interrupts) {
  return std::make_unique<Live>(std::move(audience), interrupts);
}

}  // namespace athanor::cli
