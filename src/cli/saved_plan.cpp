#include "cli/saved_plan.h"

#include <fmt/format.h>

#include "plan/saved.h"
#include "state/folder.h"
#include "state/sealed_file.h"

namespace athanor::cli {

namespace fs = std::filesystem;

namespace {

constexpr auto kind = "plan";

void refuseUnfinished(const plan::Plan& plan, Workshop& workshop) {
  if (!plan.endedEarly.empty())
    throw Error(ErrorCode::refused,
                "this plan cannot be saved, since the preview ended early: " + plan.endedEarly)
        .at(plan.endedAt)
        .next("Deploy it with `athanor deploy`; what comes after that place is decided meanwhile.");
  if (!plan.undecided.empty())
    throw Error(ErrorCode::refused,
                fmt::format("this plan cannot be saved, since the program decides during the "
                            "deployment whether {} stays",
                            plan.undecided.front().id))
        .next("Deploy it with `athanor deploy`.");
  const auto open = workshop.store().journal({plan.app, plan.stage}).size();
  if (open > 0)
    throw Error(ErrorCode::refused,
                fmt::format("this plan cannot be saved, since {} interrupted operation{} still open", open,
                            open == 1 ? " is" : "s are"))
        .next("`athanor deploy` finishes what was interrupted; plan again after it.");
}

SavedPlan opened(const fs::path& file, const aws::Environment& environment) {
  const auto heading = state::sealedHeading(file, kind);
  const auto program = heading.is_object() ? stringAt(heading, "program") : "";
  if (program.empty())
    throw Error(ErrorCode::state, file.string() + " is damaged: it does not say whose plan it is");
  const auto body = state::readSealed(file, kind, keyOf(state::folderOf(program), environment)).body;
  auto plan = plan::savedFrom(body);
  for (auto& step : plan.steps) {
    if (step.action != plan::Action::adopt) continue;
    step.declaration.options.adopt = true;  // also where --adopt said so, and of nothing but what was shown
    step.declaration.options.identifier = step.adopts;
  }
  return {.plan = std::move(plan),
          .localData = stringAt(body, "localData"),
          .allowLossy = body.value("allowLossy", false)};
}

}  // namespace

void savePlan(const plan::Plan& plan, const fs::path& file, const Surroundings& around, Workshop& workshop) {
  refuseUnfinished(plan, workshop);
  auto body = plan::toSaved(plan);
  body["localData"] = workshop.localData().string();
  body["allowLossy"] = around.arguments.allowLossy;
  const auto& folder = workshop.place().folder;
  state::makeFolder(folder);
  state::writeSealed(file, kind,
                     {.heading = {{"app", plan.app},
                                  {"stage", plan.stage},
                                  {"program", plan.program},
                                  {"target", toString(plan.target)}},
                      .body = std::move(body)},
                     keyOf(folder, around.environment));
}

SavedPlan readPlan(const fs::path& file, const aws::Environment& environment) try {
  return opened(file, environment);
} catch (const Error& error) {
  if (error.code() != ErrorCode::state)
    throw Error(error).next("`athanor plan PROGRAM --out FILE` saves a plan that this version reads.");
  throw Error(ErrorCode::state, fmt::format("the plan {} cannot be opened: {}", file.string(), error.what()))
      .next(
          "It opens with the key that it was saved with, `.athanor/key` of its program or ATHANOR_PASSWORD. "
          "Without that, plan again.");
}

Arguments aimedAs(const SavedPlan& saved, Arguments arguments) {
  arguments.app = saved.plan.app;
  arguments.stage = saved.plan.stage;
  arguments.subject = saved.plan.program;
  arguments.allowLossy = saved.allowLossy;
  if (arguments.region.empty()) arguments.region = saved.plan.target.region;
  if (arguments.endpoint.empty() && !saved.localData.empty()) {
    arguments.local = true;
    if (arguments.data.empty()) arguments.data = saved.localData.string();
  }
  for (const auto& step : saved.plan.steps)
    if (step.action == plan::Action::remove || step.action == plan::Action::replace)
      arguments.overrideProtect.push_back(step.id);  // the plan was made in knowledge of what is protected
  return arguments;
}

}  // namespace athanor::cli
