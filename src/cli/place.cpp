#include "cli/place.h"

#include "base/error.h"
#include "state/folder.h"

namespace athanor::cli {

namespace fs = std::filesystem;

std::string appOf(const fs::path& program) {
  const auto stem = program.stem().string();
  return stem == "athanor" || stem == "alchemy.run" ? program.parent_path().filename().string() : stem;
}

Place placeOf(const Arguments& arguments, const fs::path& directory) {
  Place place{.directory = directory, .program = {}, .folder = {}, .app = arguments.app};
  const bool names = arguments.verb == Verb::plan || arguments.verb == Verb::deploy ||
                     arguments.verb == Verb::destroy || arguments.verb == Verb::apply ||
                     arguments.verb == Verb::drift || arguments.verb == Verb::importResource ||
                     arguments.verb == Verb::history || arguments.verb == Verb::graph;
  if (names && !arguments.subject.empty()) {
    place.program = (directory / arguments.subject).lexically_normal();
  } else if (names) {
    for (const auto* name : {"athanor.ts", "alchemy.run.ts"})
      if (std::error_code failed; place.program.empty() && fs::exists(directory / name, failed))
        place.program = directory / name;
  }
  place.folder = state::folderOf(place.program.empty() ? directory / "program" : place.program);
  if (place.app.empty() && !place.program.empty()) {
    place.app = appOf(place.program);
    if (place.app.empty())
      throw Error(ErrorCode::usage, "the folder of " + place.program.string() + " gives the app no name")
          .next("Name it with --app.");
  }
  return place;
}

}  // namespace athanor::cli
