#include "cli/reporters.h"

#include <fmt/format.h>

#include "cli/error_text.h"
#include "cli/plan_text.h"
#include "cli/progress_view.h"
#include "schema/casing.h"

namespace athanor::cli {

namespace {

std::string lineOf(const std::string& text) { return text.ends_with('\n') ? text : text + "\n"; }

class Quiet : public Reporter {
 public:
  explicit Quiet(Audience audience) : to_(std::move(audience)) {}
  void console(bool error, const std::string& text) override {
    error ? to_.console.err(lineOf(text)) : to_.console.out(lineOf(text));
  }
  void note(const std::string&) override {}
  void started(const plan::Step& step) override { view_.started(step, Clock::now()); }
  void succeeded(const plan::Step&, const Json&) override {}
  void failed(const plan::Step& step, const Error& error) override {
    told_.insert(error.what());
    to_.console.err(view_.failed(step, error, Clock::now(), to_.console.errorStyle(), to_.folder));
  }
  void begin(const plan::Plan&) override {}
  void stopping() override {}
  void end() override {}

 protected:
  using Clock = std::chrono::steady_clock;
  Audience to_;
  ProgressView view_{{}, Clock::now()};
};

class Notes final : public Quiet {
 public:
  Notes(Audience audience, const Arguments& arguments)
      : Quiet(std::move(audience)), json_(arguments.json), quiet_(arguments.quiet) {}
  void console(bool error, const std::string& text) override { Quiet::console(error || json_, text); }
  void note(const std::string& text) override {
    if (!quiet_) to_.console.err(lineOf(printable(text)));
  }

 private:
  bool json_, quiet_;
};

class Plain final : public Quiet {
 public:
  using Quiet::Quiet;
  void note(const std::string& text) override { to_.console.out(lineOf(printable(text))); }
  void started(const plan::Step& step) override {
    Quiet::started(step);
    to_.console.out(fmt::format("{} {} {}\n", signOf(step.action), going(step.action), printable(step.id)));
  }
  void succeeded(const plan::Step& step, const Json&) override {
    to_.console.out(view_.succeeded(step, Clock::now(), to_.console.style()));
  }
  void stopping() override {
    to_.console.err("Stopping: waiting for what is in flight. Ctrl-C again leaves at once.\n");
  }
};

class JsonLines final : public Quiet {
 public:
  using Quiet::Quiet;
  void console(bool, const std::string& text) override { to_.console.err(lineOf(text)); }
  void note(const std::string& text) override { to_.console.json({{"event", "note"}, {"text", text}}); }
  void begin(const plan::Plan& plan) override {
    to_.console.json({{"event", "begin"}, {"summary", plan::toJson(plan)["summary"]}});
  }
  void started(const plan::Step& step) override { say("started", step, Json::object()); }
  void succeeded(const plan::Step& step, const Json& outputs) override {
    const auto* type = to_.catalogue.find(step.type);
    say("succeeded", step, {{"outputs", type && type->root ? schema::camel(*type->root, outputs) : outputs}});
  }
  void failed(const plan::Step& step, const Error& error) override {
    say("failed", step, {{"error", errorJson(error)}});
  }
  void stopping() override { to_.console.json({{"event", "stopping"}}); }

 private:
  void say(const char* event, const plan::Step& step, Json more) const {
    more["event"] = event;
    more["id"] = step.id;
    more["type"] = step.type;
    more["action"] = plan::name(step.action);
    to_.console.json(more);
  }
};

}  // namespace

std::unique_ptr<Reporter> quietReporter(Audience audience) {
  return std::make_unique<Quiet>(std::move(audience));
}
std::unique_ptr<Reporter> notesReporter(Audience audience, const Arguments& arguments) {
  return std::make_unique<Notes>(std::move(audience), arguments);
}

std::unique_ptr<Reporter> plainReporter(Audience audience) {
  return std::make_unique<Plain>(std::move(audience));
}
std::unique_ptr<Reporter> jsonReporter(Audience audience) {
  return std::make_unique<JsonLines>(std::move(audience));
}

}  // namespace athanor::cli
