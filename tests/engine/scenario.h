#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/deployment.h"
#include "engine/drift.h"
#include "engine/fake_cloud.h"
#include "state/sqlite_store.h"
#include "support/virtual_loop.h"

namespace athanor::test {

/// A program that is a coroutine of the test's.
class ScriptedProgram final : public engine::Program {
 public:
  using Body = std::function<Task<>(engine::Host*)>;
  explicit ScriptedProgram(Body body) : body_(std::move(body)) {}
  const std::string& path() const override { return path_; }
  Task<> run(engine::Host& host) override;

 private:
  Body body_;
  std::string path_ = "/programs/scenario.ts";
};

/// Thrown by a scripted program that needs a value it does not have yet, as the TypeScript runtime ends a
/// pass.
struct EndOfPass {};

/// Declares a resource, as a program does.
Task<engine::Outputs> declare(engine::Host* host, std::string type, std::string id, Json props,
                              Options options = {});
/// The value of an output for another's props: the value itself, or a reference while it is not known.
Json output(const engine::Outputs& outputs, const std::string& path);

/// Hears everything; notes and failures are kept for the test to look at.
class Recorder final : public engine::Reporter {
 public:
  std::vector<std::string> notes, failures, hints, console_;
  void console(bool, const std::string& text) override { console_.push_back(text); }
  void note(const std::string& text) override { notes.push_back(text); }
  void started(const plan::Step&) override {}
  void succeeded(const plan::Step&, const Json&) override {}
  void failed(const plan::Step& step, const Error& error) override {
    failures.push_back(step.id + ": " + error.what());
    hints.push_back(error.hint());
  }
};

/// One cloud, one state folder and one clock, on which programs are planned, deployed and destroyed.
class Scenario {
 public:
  Scenario();
  ~Scenario();

  plan::Plan plan(const ScriptedProgram::Body& program);
  engine::Result deploy(const ScriptedProgram::Body& program);
  engine::Result destroy();
  /// Applies a plan that was saved, without its program.
  engine::Result apply(plan::Plan saved);
  /// What has drifted; `accept` records it.
  engine::DriftReport drift(bool accept = false);
  /// The recorded resource of an id; fails the test where there is none.
  Resource recorded(const std::string& id);
  std::vector<Resource> records();
  std::size_t openEntries();
  state::Store& store() { return *store_; }
  /// What commands of the engine work with; forgets what was heard so far.
  engine::Context context();
  /// "create a, update b" — the steps of a plan that are not kept.
  static std::string steps(const plan::Plan& plan);

  VirtualLoop loop;
  schema::Catalogue catalogue;
  FakeCloud cloud{loop, catalogue};
  Recorder heard;
  engine::Settings settings{.scope = {"app", "test"}};

 private:
  std::filesystem::path folder_;
  std::unique_ptr<state::Store> store_;
};

}  // namespace athanor::test
