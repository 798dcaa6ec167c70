#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "aws/environment.h"

namespace athanor::cli {

enum class Verb : std::uint8_t {
  plan,
  deploy,
  destroy,
  apply,
  drift,
  importResource,
  local,
  localCoverage,
  localStatus,
  localRequests,
  localReset,
  localTrust,
  localEvents,
  recordings,
  schemaShow,
  schemaSearch,
  schemaImport,
  stateList,
  stateShow,
  stateExport,
  stateMove,
  stages,
  history,
  graph,
  version,
};

/// A command line that makes sense. What it leaves out has its documented default here, but for what depends
/// on the program's place (`app`, `data`), which stays empty.
struct Arguments {
  Verb verb = Verb::version;
  std::string subject;  ///< PROGRAM, FILE, TYPE, WORD, DIR|ZIP or ID; "" where it may be left out and was

  std::vector<std::string> arguments;  ///< for the program itself: what stood after "--"

  std::string app;
  std::string stage;
  bool local = false;
  std::string endpoint;
  std::string region;
  std::string profile;
  std::string data;

  bool yes = false;
  bool json = false;
  bool quiet = false;
  bool colour = true;
  bool refresh = true;
  bool allowUnplanned = false;
  bool replaceProgram = false;
  bool allowLossy = false;
  bool detailedExitcode = false;
  bool accept = false;
  bool all = false;
  bool dryRun = false;
  bool adopt = false;
  std::vector<std::string> targets;          ///< ids: these and what they need
  std::vector<std::string> excluded;         ///< ids: not these, nor what needs them
  std::vector<std::string> overrideProtect;  ///< ids
  std::string out;                           ///< where a plan is saved; "" = nowhere
  std::size_t parallel = 64;
  std::chrono::minutes timeout{60};
  std::size_t limit = 20;
  bool svg = false;
  bool follow = false;

  std::string type;        ///< import: TYPE
  std::string identifier;  ///< import: IDENTIFIER
  std::string id;          ///< import: --id; state mv: NEW

  std::string address = "127.0.0.1";
  std::uint16_t port = 4566;
  std::optional<std::uint16_t> rtmpPort;
  bool streams = true;
  std::chrono::milliseconds latency{0};
  double rate = 0;
  std::vector<std::string> faults;      ///< "throttle,probability=0.2" or JSON
  std::vector<std::string> faultFiles;  ///< of faults as JSON
  std::string credentials;
  bool references = true;
  std::string account = "123456789012";
};

/// What is said instead of running a command: the help that was asked for.
struct Help {
  std::string text;
};

/// Reads a command line, without the program's own name. Throws Error(usage) that says what is wrong and
/// which help to ask for.
std::variant<Arguments, Help> parse(std::vector<std::string> words, const aws::Environment& environment);

/// True where the words ask for JSON, whether or not they make sense.
bool wantsJson(const std::vector<std::string>& words);

}  // namespace athanor::cli
