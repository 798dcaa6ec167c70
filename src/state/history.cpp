#include "state/history.h"

namespace athanor::state {

Json toJson(const Counts& counts) {
  return {{"create", counts.create}, {"update", counts.update}, {"replace", counts.replace},
          {"delete", counts.remove}, {"adopt", counts.adopt},   {"keep", counts.keep},
          {"failed", counts.failed}, {"notRun", counts.notRun}};
}

Counts countsFrom(const Json& json) {
  const auto at = [&](const char* key) { return json.value(key, std::size_t{0}); };
  return {.create = at("create"),
          .update = at("update"),
          .replace = at("replace"),
          .remove = at("delete"),
          .adopt = at("adopt"),
          .keep = at("keep"),
          .failed = at("failed"),
          .notRun = at("notRun")};
}

const char* name(Run::Outcome outcome) {
  switch (outcome) {
    case Run::Outcome::unfinished:
      return "unfinished";
    case Run::Outcome::succeeded:
      return "succeeded";
    case Run::Outcome::failed:
      return "failed";
    case Run::Outcome::stopped:
      return "stopped";
    case Run::Outcome::interrupted:
      return "interrupted";
  }
  return "unfinished";
}

}  // namespace athanor::state
