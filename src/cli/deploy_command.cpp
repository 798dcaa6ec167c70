#include <fmt/format.h>

#include <atomic>
#include <memory>
#include <optional>
#include <set>

#include "cli/commands.h"
#include "cli/error_text.h"
#include "cli/exit_status.h"
#include "cli/plan_text.h"
#include "cli/progress_view.h"
#include "cli/reporters.h"
#include "cli/result_text.h"
#include "cli/saved_plan.h"
#include "cli/settings.h"
#include "engine/deployment.h"

namespace athanor::cli {

namespace {

std::unique_ptr<Reporter> reporterFor(const Surroundings& around, const Workshop& workshop) {
  Audience audience{around.console, workshop.catalogue(), around.directory};
  if (around.arguments.json) return jsonReporter(std::move(audience));
  if (around.arguments.quiet) return quietReporter(std::move(audience));
  if (around.console.redraws()) return liveReporter(std::move(audience), around.interrupts);
  return plainReporter(std::move(audience));
}

PlanLook lookOf(const Surroundings& around, const Workshop& workshop) {
  return {around.console.style(), around.directory,
          [&workshop](std::string_view type) { return workshop.catalogue().find(type); }};
}

bool nothingToDo(const plan::Plan& plan) { return plan.summary().changes() == 0 && plan.endedEarly.empty(); }

/// One run of deploy, destroy or apply, from the lock to the summary.
class Run {
 public:
  /// `saved` is what apply carries out.
  explicit Run(const Surroundings& around, std::optional<plan::Plan> saved = {})
      : around_(around),
        saved_(std::move(saved)),
        began_(std::chrono::steady_clock::now()),
        workshop_(around),
        reporter_(reporterFor(around, workshop_)),
        deployment_(
            {workshop_.loop(), workshop_.catalogue(), workshop_.store(), workshop_.providers(), *reporter_},
            settingsOf(around.arguments, workshop_.place()),
            destroys() || saved_ ? nullptr : &workshop_.program()) {
    workshop_.notesTo([this](const std::string& text) { reporter_->note(text); });
  }
  ~Run() {
    around_.interrupts.onFirst(nullptr);
    workshop_.notesTo(nullptr);
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  int operator()() {
    auto& loop = workshop_.loop();
    runTask(loop, deployment_.begin());
    auto plan = nextPlan();
    show(plan);
    if (!nothingToDo(plan) && !approved(plan)) return exitFailed;
    const bool unchanged = nothingToDo(plan);
    const std::set<std::string> unselected(plan.unselected.begin(), plan.unselected.end());
    reporter_->begin(plan);
    around_.interrupts.onFirst([this] {
      stopped_ = true;
      reporter_->stopping();
      workshop_.loop().post([this] { deployment_.stop(); });
    });
    auto result = runTask(loop, deployment_.apply(std::move(plan)));
    std::erase_if(result.left, [&](const Resource& resource) { return unselected.contains(resource.id); });
    around_.interrupts.onFirst(nullptr);
    reporter_->end();
    tell(result, unchanged, unselected.size());
    return stopped_ ? exitInterrupted : result.ok() ? exitOk : exitFailed;
  }

 private:
  bool destroys() const { return around_.arguments.verb == Verb::destroy; }

  plan::Plan nextPlan() {
    if (saved_) {
      deployment_.refuseOutdated(*saved_);
      return std::move(*saved_);
    }
    return runTask(workshop_.loop(), destroys() ? deployment_.previewDestroy() : deployment_.preview());
  }

  void show(const plan::Plan& plan) const {
    const auto& arguments = around_.arguments;
    if (arguments.json) return around_.console.json({{"event", "plan"}, {"plan", plan::toJson(plan)}});
    const bool asks = !arguments.yes && around_.console.asks();
    if (!nothingToDo(plan) && (!arguments.quiet || asks))
      around_.console.out(planText(plan, lookOf(around_, workshop_)) + "\n");
  }

  bool approved(const plan::Plan& plan) {
    const auto& arguments = around_.arguments;
    if (arguments.yes) return true;
    const auto* verb = destroys() ? "destroy" : arguments.verb == Verb::apply ? "apply" : "deploy";
    if (arguments.json || !around_.console.asks())
      throw Error(ErrorCode::usage,
                  fmt::format("{} asks before it changes anything, and there is {}", verb,
                              arguments.json ? "nobody to ask with --json" : "no terminal to ask on"))
          .next("Pass --yes to go ahead, or look at the plan with `athanor plan`.");
    const auto question = destroys()
                              ? fmt::format("Delete {} of {} {}? [y/N] ",
                                            count(plan.summary().remove, "resource"), plan.app, plan.stage)
                              : std::string("Deploy this? [y/N] ");
    const auto asked = std::chrono::steady_clock::now();
    around_.interrupts.beforeExit([this] { around_.console.out("\nNothing was changed.\n"); });
    const auto answer = around_.console.ask(question);
    around_.interrupts.beforeExit(nullptr);
    began_ += std::chrono::steady_clock::now() - asked;  // thinking is not deploying
    if (answer == "y" || answer == "Y" || answer == "yes") return true;
    around_.console.out("Nothing was changed.\n");
    return false;
  }

  void tell(const engine::Result& result, bool unchanged, std::size_t unselected) const {
    const auto took = std::chrono::steady_clock::now() - began_;
    const auto& console = around_.console;
    if (around_.arguments.json) return console.json(resultJson(result, stopped_, took));
    if (result.programError && !reporter_->told(*result.programError))
      console.err(errorText(*result.programError, console.errorStyle(), around_.directory));
    const Outcome outcome{.destroyed = destroys(),
                          .unchanged = unchanged,
                          .stopped = stopped_,
                          .unselected = unselected,
                          .took = took};
    const auto text = resultText(result, outcome, console.style());
    if (!around_.arguments.quiet || !result.ok()) console.out(text);
  }

  const Surroundings& around_;
  std::optional<plan::Plan> saved_;
  std::chrono::steady_clock::time_point began_;
  Workshop workshop_;
  std::unique_ptr<Reporter> reporter_;
  engine::Deployment deployment_;
  std::atomic<bool> stopped_ = false;
};

std::string savedText(const std::string& file) {
  return file.empty() ? "" : fmt::format("\nSaved: athanor apply {} carries it out.\n", printable(file));
}

}  // namespace

int deployCommand(const Surroundings& around) { return Run(around)(); }

int applyCommand(const Surroundings& around) {
  const auto file = (around.directory / around.arguments.subject).lexically_normal();
  auto saved = readPlan(file, around.environment);
  auto arguments = aimedAs(saved, around.arguments);
  arguments.out = around.arguments.subject;
  const Surroundings aimed{arguments, around.console, around.environment, around.interrupts,
                           around.directory};
  return Run(aimed, std::move(saved.plan))();
}

int planCommand(const Surroundings& around) {
  const auto& arguments = around.arguments;
  Workshop workshop(around);
  const auto reporter = notesReporter({around.console, workshop.catalogue(), around.directory}, arguments);
  // Never destroyed: the process is about to end, and thousands of records go faster with it. It holds no
  // lock.
  auto& deployment = *new engine::Deployment(
      {workshop.loop(), workshop.catalogue(), workshop.store(), workshop.providers(), *reporter},
      settingsOf(arguments, workshop.place()), &workshop.program());
  workshop.notesTo([&reporter](const std::string& text) { reporter->note(text); });
  const auto plan = runTask(workshop.loop(), deployment.preview());
  if (!arguments.out.empty()) savePlan(plan, around.directory / arguments.out, around, workshop);
  if (arguments.json)
    around.console.json(plan::toJson(plan));
  else if (!arguments.quiet)
    around.console.out(planText(plan, lookOf(around, workshop)) + savedText(arguments.out));
  return arguments.detailedExitcode && !nothingToDo(plan) ? exitChanges : exitOk;
}

}  // namespace athanor::cli
