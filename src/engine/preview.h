#pragma once

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/check.h"
#include "engine/program.h"
#include "engine/session.h"
#include "plan/dependencies.h"
#include "plan/replacement.h"

namespace athanor::engine {

/// The first pass: plans a step for each declaration, deploys nothing, and hands out recorded outputs where
/// they cannot change and references elsewhere. It runs before anybody is asked anything (Session::assumed),
/// and again only where the answers are not as assumed.
class Preview final : public Host {
 public:
  explicit Preview(Session& session) : session_(session) { steps_.reserve(session.records.size()); }

  bool previewing() const override { return true; }
  Task<Outputs> declare(Declaration declaration) override;
  Task<Outputs> get(std::string type, std::string identifier, Options options, SourcePlace source) override;
  Task<Target> target() override;
  void mistake(Error mistake) override;
  void secret(const Json& value) override { session_.redaction.add(value); }
  void handedOut() override { unknownRead_ = true; }
  void needed(const std::string& reference, SourcePlace source) override;
  void print(bool error, const std::string& text) override;
  std::uint64_t seed() const override { return session_.settings.seed; }
  std::int64_t startTime() const override;

  /// Throws, before anybody is asked anything, what asking would not change: the mistakes of declarations,
  /// and `failure`, with which the program ended, where no unknown output can be its reason.
  void refuseMistakes(const std::optional<Error>& failure);
  /// The plan of what was declared, with deletes of what was not; throws InvalidProgram for mistakes.
  /// `failure` is what the program itself ended with; where it had read an unknown, an error of the program
  /// only ends the preview.
  plan::Plan finish(std::optional<Error> failure);

  /// The plan that deletes everything that is recorded.
  plan::Plan finishDestroy() const;

 private:
  [[noreturn]] void refuse(std::optional<Error> failure);
  Task<Outputs> plan(Declaration declaration, bool renamed);
  void noteChanging(const plan::Step& step, const Json& sent);
  void planReplacement(plan::Step& step, const schema::Type& type);
  void planReleases(plan::Step& step, const Resource& going);
  void force(const plan::Release& release);
  Outputs outputsOf(const plan::Step& step, const schema::Type& type, const Json& live);
  static Outputs outputsOf(const plan::Step& step, const schema::Type& type, const plan::Existing& existing);
  static void addFixed(Outputs& outputs, const plan::Step& step, const schema::Type& type, const Json& was,
                       const Json& values);
  void planDeletes(plan::Plan& plan) const;
  std::string failedBefore(const Resource& resource) const;
  bool willChange(const Reference& reference) const;

  Session& session_;
  plan::KnownNames names_;
  std::vector<plan::Step> steps_;
  Declared declared_;
  std::unordered_map<std::string, plan::Action> actions_;
  /// Id and top-level property (as a pointer) of what updates give another value.
  std::set<std::pair<std::string, std::string>> changing_;
  std::map<std::string, std::string> forced_;  ///< ids that must be made again, and why
  std::optional<plan::Dependents> dependents_;
  std::vector<Error> mistakes_;
  std::vector<std::pair<bool, std::string>> console_;
  bool unknownsOut_ = false;  ///< the program may read unknowns
  bool unknownRead_ = false;  ///< … and has read one
  std::string endedEarly_;
  SourcePlace endedAt_;
};

/// Reads a resource that the program does not manage; for both passes.
Task<Outputs> readUnmanaged(Session* session, std::string type, std::string identifier, Options options,
                            SourcePlace source);

/// The same where it cannot be read yet: all of it unknown.
Outputs unknownUnmanaged(std::string type, const std::string& identifier);

}  // namespace athanor::engine
