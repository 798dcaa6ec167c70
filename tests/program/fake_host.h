#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/program.h"

namespace athanor::test {

/// An engine for one pass that remembers what the program asked, and answers as it is told.
class FakeHost final : public engine::Host {
 public:
  using Answer = std::function<Task<engine::Outputs>(Declaration)>;

  explicit FakeHost(bool preview = false) : preview_(preview) {}

  bool previewing() const override { return preview_; }
  Task<engine::Outputs> declare(Declaration declaration) override;
  Task<engine::Outputs> get(std::string type, std::string identifier, Options options,
                            SourcePlace source) override;
  Task<Target> target() override;
  void mistake(Error mistake) override;
  void secret(const Json& value) override { secrets.push_back(value); }
  void handedOut() override { unknownRead = true; }
  void needed(const std::string& reference, SourcePlace source) override;
  void print(bool error, const std::string& text) override;
  std::uint64_t seed() const override { return 42; }
  std::int64_t startTime() const override { return 1'700'000'000'000; }

  /// What the program declared, in order.
  std::vector<Declaration> declared;
  struct Got {
    std::string type, identifier;
    Options options;
  };
  std::vector<Got> got;
  std::vector<std::string> printed;  ///< console lines; those of errors begin with "! "
  std::vector<Error> mistakes;       ///< of a preview
  std::vector<Json> secrets;
  std::vector<std::string> needs;  ///< "reference @ file:line:column"
  bool unknownRead = false;
  int targetsAsked = 0;

  /// How declarations are answered; by default at once, with the props and an Arn (in a preview with an
  /// unknown Arn and open outputs).
  Answer answer;

 private:
  bool preview_;
};

}  // namespace athanor::test
