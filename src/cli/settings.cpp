#include "cli/settings.h"

#include <fmt/format.h>
#include <pwd.h>
#include <sys/random.h>
#include <unistd.h>

#include <set>
#include <vector>

namespace athanor::cli {

namespace {

std::uint64_t drawSeed() {
  std::uint64_t seed = 0;
  if (::getrandom(&seed, sizeof seed, 0) != sizeof seed)
    throw Error(ErrorCode::internal, "the system gives no random numbers");
  return seed;
}

std::set<std::string> asSet(const std::vector<std::string>& ids) { return {ids.begin(), ids.end()}; }

}  // namespace

std::string userName() {
  std::vector<char> buffer(16'384);
  passwd entry{};
  passwd* found = nullptr;
  ::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found);
  return found ? found->pw_name : fmt::format("{}", ::geteuid());
}

std::string hostName() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "";
}

engine::Settings settingsOf(const Arguments& arguments, const Place& place) {
  engine::Settings settings{.scope = {place.app, arguments.stage},
                            .command = arguments.verb == Verb::destroy ? "destroy"
                                       : arguments.verb == Verb::apply ? "apply"
                                                                       : "deploy",
                            .refresh = arguments.refresh,
                            .parallel = arguments.parallel,
                            .timeout = arguments.timeout,
                            .saving = !arguments.out.empty(),
                            .selection = {asSet(arguments.targets), asSet(arguments.excluded)},
                            .adopt = arguments.adopt,
                            .allowUnplanned = arguments.allowUnplanned,
                            .overrideProtect = asSet(arguments.overrideProtect),
                            .replaceProgram = arguments.replaceProgram,
                            .seed = drawSeed()};
  const bool looksOnly = arguments.verb == Verb::plan || arguments.verb == Verb::graph ||
                         (arguments.verb == Verb::drift && !arguments.accept);
  if (looksOnly) return settings;
  settings.user = userName();
  settings.host = hostName();
  return settings;
}

}  // namespace athanor::cli
