#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/check.h"
#include "engine/deployment.h"
#include "engine/program.h"
#include "engine/redaction.h"

namespace athanor::engine {

/// A pass that asks nobody anything: it only looks for mistakes, so that they are told before the first
/// network call. Every output is unknown in it, so it may end earlier than the preview, and what the program
/// itself throws may be because of that.
class Rehearsal final : public Host {
 public:
  Rehearsal(const schema::Catalogue& catalogue, const Settings& settings, Redaction& redaction, Target likely,
            std::chrono::system_clock::time_point started)
      : catalogue_(catalogue),
        settings_(settings),
        redaction_(redaction),
        likely_(std::move(likely)),
        started_(started) {}

  bool previewing() const override { return true; }
  Task<Outputs> declare(Declaration declaration) override;
  /// Gives unknowns: reading needs the network.
  Task<Outputs> get(std::string type, std::string identifier, Options options, SourcePlace source) override;
  Task<Target> target() override { co_return likely_; }
  void mistake(Error mistake) override;
  void secret(const Json& value) override { redaction_.add(value); }
  void needed(const std::string&, SourcePlace) override {}
  void print(bool error, const std::string& text) override { console_.emplace_back(error, text); }
  std::uint64_t seed() const override { return settings_.seed; }
  std::int64_t startTime() const override;

  std::vector<Error>& mistakes() { return mistakes_; }
  /// False where nothing unknown was handed out: the program did what it would do in every pass.
  bool unknownsOut() const { return unknownsOut_; }
  const std::vector<std::pair<bool, std::string>>& console() const { return console_; }

 private:
  const schema::Catalogue& catalogue_;
  const Settings& settings_;
  Redaction& redaction_;
  Target likely_;
  std::chrono::system_clock::time_point started_;
  Declared declared_;
  std::vector<Error> mistakes_;
  std::vector<std::pair<bool, std::string>> console_;
  bool unknownsOut_ = false;
};

}  // namespace athanor::engine
