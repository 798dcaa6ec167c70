#include "engine/scenario.h"

#include "base/reference.h"

#include <gtest/gtest.h>
#include <stdlib.h>

namespace athanor::test {

Task<> ScriptedProgram::run(engine::Host& host) {
  try {
    co_await body_(&host);
  } catch (const EndOfPass&) {
  }
}

Task<engine::Outputs> declare(engine::Host* host, std::string type, std::string id, Json props,
                              Options options) {
  Declaration declaration{.type = std::move(type),
                          .id = std::move(id),
                          .props = std::move(props),
                          .options = std::move(options),
                          .source = {"/programs/scenario.ts", 1, 1}};
  return host->declare(std::move(declaration));
}

Json output(const engine::Outputs& outputs, const std::string& path) {
  const Json::json_pointer at(path);
  if (outputs.values.contains(at)) return outputs.values[at];
  if (outputs.open) return refer({outputs.id, path});
  return nullptr;
}

Scenario::Scenario() {
  std::string name = std::filesystem::temp_directory_path() / "athanor-scenario-XXXXXX";
  folder_ = mkdtemp(name.data());
  store_ = state::openSqlite(folder_ / "state.sqlite", {.file = folder_ / "key", .password = ""});
}

Scenario::~Scenario() { std::filesystem::remove_all(folder_); }

engine::Context Scenario::context() {
  ++settings.seed;
  heard = {};
  return {.loop = loop, .catalogue = catalogue, .store = *store_, .providers = cloud, .reporter = heard};
}

plan::Plan Scenario::plan(const ScriptedProgram::Body& body) {
  ScriptedProgram program(body);
  engine::Deployment deployment(context(), settings, &program);
  return runTask(loop, deployment.preview());
}

engine::Result Scenario::deploy(const ScriptedProgram::Body& body) {
  ScriptedProgram program(body);
  engine::Deployment deployment(context(), settings, &program);
  runTask(loop, deployment.begin());
  return runTask(loop, deployment.apply(runTask(loop, deployment.preview())));
}

engine::Result Scenario::apply(plan::Plan saved) {
  auto applying = settings;
  applying.command = "apply";
  engine::Deployment deployment(context(), applying, nullptr);
  runTask(loop, deployment.begin());
  return runTask(loop, deployment.apply(std::move(saved)));
}

engine::DriftReport Scenario::drift(bool accept) {
  engine::Drift drift(context(), settings);
  if (accept) runTask(loop, drift.begin());
  auto report = runTask(loop, drift.read());
  if (accept) runTask(loop, drift.accept(&report));
  return report;
}

engine::Result Scenario::destroy() {
  engine::Deployment deployment(context(), settings, nullptr);
  runTask(loop, deployment.begin());
  return runTask(loop, deployment.apply(runTask(loop, deployment.previewDestroy())));
}

std::vector<Resource> Scenario::records() { return store_->resources(settings.scope); }
std::size_t Scenario::openEntries() { return store_->journal(settings.scope).size(); }

Resource Scenario::recorded(const std::string& id) {
  for (auto& resource : records())
    if (resource.id == id) return resource;
  ADD_FAILURE() << "nothing is recorded of " << id;
  return {};
}

std::string Scenario::steps(const plan::Plan& plan) {
  std::string text;
  for (const auto& step : plan.steps)
    if (step.action != plan::Action::keep)
      text += (text.empty() ? "" : ", ") + std::string(plan::name(step.action)) + " " + step.id;
  return text;
}

}  // namespace athanor::test
