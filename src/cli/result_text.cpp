#include "cli/result_text.h"

#include <fmt/format.h>

#include "cli/error_text.h"
#include "cli/progress_view.h"

namespace athanor::cli {

namespace {

std::vector<std::string> donePieces(const plan::Summary& done, bool withKept) {
  std::vector<std::string> pieces;
  const auto add = [&](std::size_t number, const char* what) {
    if (number > 0) pieces.push_back(fmt::format("{} {}", number, what));
  };
  add(done.create, "created");
  add(done.adopt, "adopted");
  add(done.update, "updated");
  add(done.replace, "replaced");
  add(done.remove, "deleted");
  if (withKept) add(done.keep, "unchanged");
  return pieces;
}

std::string leftText(const std::vector<Resource>& left) {
  if (left.empty()) return "";
  auto out = fmt::format("Still there:\n");
  for (const auto& resource : left)
    out += fmt::format("  {}  {}  {}\n", printable(resource.id), printable(resource.type),
                       printable(resource.identifier));
  return out;
}

std::string undecidedText(const std::vector<std::string>& ids) {
  if (ids.empty()) return "";
  return fmt::format("What became of the interrupted {} {} is not known yet.\n",
                     ids.size() == 1 ? "operation on" : "operations on",
                     printable(fmt::format("{}", fmt::join(ids, ", "))));
}

std::string headOf(const engine::Result& result, const Outcome& outcome) {
  if (outcome.stopped) return "Stopped";
  if (!result.ok()) return "Failed";
  return outcome.destroyed ? "Destroyed" : "Deployed";
}

}  // namespace

std::string resultText(const engine::Result& result, const Outcome& outcome, const Style& style) {
  const auto took = durationText(outcome.took);
  if (outcome.unchanged && result.ok() && !outcome.stopped && result.done.changes() == 0) {
    if (outcome.unselected > 0)
      return fmt::format("Nothing to do: {} not selected. ({})\n", count(outcome.unselected, "change"), took);
    if (outcome.destroyed) return fmt::format("Nothing to destroy: nothing is deployed. ({})\n", took);
    if (result.done.keep == 0)
      return fmt::format("Nothing to do: the program declares no resources. ({})\n", took);
    return fmt::format("Nothing to do: {} as declared. ({})\n",
                       result.done.keep == 1 ? "1 resource is" : count(result.done.keep, "resource") + " are",
                       took);
  }
  auto pieces = donePieces(result.done, !outcome.destroyed);
  if (result.failed > 0) pieces.insert(pieces.begin(), fmt::format("{} failed", result.failed));
  if (result.notRun > 0) pieces.push_back(fmt::format("{} not run", result.notRun));
  if (result.programError && result.failed + result.notRun == 0)
    pieces.emplace_back("the program ended with an error");
  if (pieces.empty()) pieces.emplace_back("nothing was changed");
  if (outcome.unselected > 0) pieces.push_back(fmt::format("{} not selected", outcome.unselected));
  const auto line = fmt::format("{}: {} in {}.", headOf(result, outcome), fmt::join(pieces, ", "), took);
  const bool well = result.ok() && !outcome.stopped;
  return leftText(result.left) + undecidedText(result.undecided) +
         paint(style, well ? Ink::create : Ink::failure, line) + "\n";
}

Json resultJson(const engine::Result& result, bool stopped, std::chrono::nanoseconds took) {
  const auto& done = result.done;
  Json json = {{"event", "done"},
               {"ok", result.ok() && !stopped},
               {"done",
                {{"create", done.create},
                 {"update", done.update},
                 {"replace", done.replace},
                 {"delete", done.remove},
                 {"adopt", done.adopt},
                 {"keep", done.keep}}},
               {"failed", result.failed},
               {"notRun", result.notRun},
               {"seconds", std::chrono::duration<double>(took).count()}};
  if (stopped) json["stopped"] = true;
  if (result.programError) json["programError"] = errorJson(*result.programError);
  if (!result.undecided.empty()) json["undecided"] = result.undecided;
  if (!result.left.empty()) {
    json["left"] = Json::array();
    for (const auto& resource : result.left)
      json["left"].push_back(
          {{"id", resource.id}, {"type", resource.type}, {"identifier", resource.identifier}});
  }
  return json;
}

}  // namespace athanor::cli
