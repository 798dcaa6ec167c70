#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/deployment.h"

namespace athanor::engine {

/// The secrets that a deployment has met, so that they can be found again in whatever is shown or kept. One
/// shorter than four characters would be found everywhere: such a one is known by its place alone
/// (Declaration::secrets).
class Redaction {
 public:
  /// Takes in a text, a number, or all of them inside of a list or an object.
  void add(const Json& secret);
  /// Takes in what a recorded resource, or a declaration, names as its secrets.
  void add(const Resource& recorded);
  void add(const Declaration& declaration);

  /// `text` with "(secret)" in place of each secret in it, also where it stands escaped as JSON does.
  std::string text(std::string_view text) const;
  /// The same for every text, number and key inside of `value`.
  Json value(const Json& value) const;
  /// The same for all that an error says.
  Error error(const Error& error) const;
  /// JSON pointers of the values inside of `tree` that hold a secret.
  std::vector<std::string> pointers(const Json& tree) const;
  bool holds(const Json& value) const { return !pointers(value).empty(); }

 private:
  void addText(const std::string& secret);
  bool holdsText(std::string_view text) const;
  void collect(const Json& value, const std::string& at, std::vector<std::string>& out) const;

  std::vector<std::string> forms_;  ///< what is looked for, the longest first
};

/// `tree` with "(secret)" at each of these JSON pointers that it has.
Json hidden(Json tree, const std::vector<std::string>& pointers);

/// `one` with those of `other` that it lacks, sorted.
std::vector<std::string> united(std::vector<std::string> one, std::vector<std::string> other);

/// Passes everything on without the secrets.
class RedactedReporter final : public Reporter {
 public:
  RedactedReporter(Reporter& to, const Redaction& redaction, const schema::Catalogue& catalogue)
      : to_(to), redaction_(redaction), catalogue_(catalogue) {}
  void console(bool error, const std::string& text) override { to_.console(error, redaction_.text(text)); }
  void note(const std::string& text) override { to_.note(redaction_.text(text)); }
  void started(const plan::Step& step) override { to_.started(step); }
  void succeeded(const plan::Step& step, const Json& outputs) override;
  void failed(const plan::Step& step, const Error& error) override {
    to_.failed(step, redaction_.error(error));
  }

 private:
  Reporter& to_;
  const Redaction& redaction_;
  const schema::Catalogue& catalogue_;
};

/// What `work` gives; what it throws, without the secrets. `redaction` outlives the task.
template <class T>
Task<T> redacted(const Redaction* redaction, Task<T> work) {
  try {
    co_return co_await std::move(work);
  } catch (const InvalidProgram& invalid) {
    std::vector<Error> mistakes;
    for (const auto& mistake : invalid.mistakes()) mistakes.push_back(redaction->error(mistake));
    throw InvalidProgram(std::move(mistakes));
  } catch (const Error& error) {
    throw redaction->error(error);
  }
}

}  // namespace athanor::engine
