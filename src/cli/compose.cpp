#include "cli/compose.h"

#include <fmt/format.h>

#include <array>
#include <set>

#include "state/folder.h"
#include "state/sqlite_store.h"

namespace athanor::cli {

namespace fs = std::filesystem;

namespace {

std::unique_ptr<state::Store> openState(const fs::path& folder, const aws::Environment& environment) {
  return state::openSqlite(folder / "state.sqlite", keyOf(folder, environment));
}

/// Throws where a file is no program, before anything is made ready to run it.
void checkProgram(const fs::path& program) {
  if (program.empty())
    throw Error(ErrorCode::usage, "no program is named, and this folder has no athanor.ts or alchemy.run.ts")
        .next("Name one: athanor deploy examples/basic.ts");
  constexpr std::array<std::string_view, 4> endings = {".ts", ".mts", ".js", ".mjs"};
  std::error_code failed;
  if (fs::is_directory(program, failed))
    throw Error(ErrorCode::usage, program.string() + " is a folder, not a program");
  if (!fs::exists(program, failed))
    throw Error(ErrorCode::notFound, "there is no program " + program.string());
  if (std::ranges::find(endings, program.extension().string()) == endings.end())
    throw Error(ErrorCode::usage, program.string() + " is no program that Athanor runs")
        .next("A program's name ends in .ts, .mts, .js or .mjs.");
}

}  // namespace

fs::path dataOf(const Arguments& arguments, const Place& place) {
  if (arguments.data.empty()) return place.folder / "local";
  return (place.directory / arguments.data).lexically_normal();
}

state::Key keyOf(const fs::path& folder, const aws::Environment& environment) {
  return {.file = folder / "key", .password = environment.get("ATHANOR_PASSWORD")};
}

fs::path importedSchemas(const fs::path& folder) { return folder / "schemas"; }

std::unique_ptr<schema::Catalogue> openCatalogue(const fs::path& folder) {
  auto catalogue = std::make_unique<schema::Catalogue>();
  std::error_code failed;
  if (const auto file = importedSchemas(folder); fs::exists(file, failed)) catalogue->load(file);
  return catalogue;
}

StateAccess::StateAccess(const Surroundings& around)
    : arguments_(around.arguments), place_(placeOf(around.arguments, around.directory)) {
  auto folder = place_.folder;
  if (arguments_.local) {
    folder = dataOf(arguments_, place_);
    SystemLoop loop;
    aws::CurlClient http(loop, around.environment);
    if (const auto found = find(loop, http, folder, arguments_.data.empty())) folder = found->data;
  }
  store_ = openState(folder, around.environment);
}

state::Scope StateAccess::scope() {
  if (!place_.app.empty()) return {place_.app, arguments_.stage};
  std::set<std::string> apps;
  for (const auto& info : store_->scopes())
    if (info.scope.stage == arguments_.stage) apps.insert(info.scope.app);
  if (apps.size() == 1) return {*apps.begin(), arguments_.stage};
  if (apps.empty())
    throw Error(ErrorCode::notFound, fmt::format("the state {} has no app with a stage \"{}\"",
                                                 store_->location(), arguments_.stage))
        .next("`athanor stages` lists what is there; --app, --stage and --local choose.");
  throw Error(ErrorCode::usage,
              fmt::format("several apps have a stage \"{}\": {}", arguments_.stage, fmt::join(apps, ", ")))
      .next("Name one with --app.");
}

Workshop::Workshop(const Surroundings& around)
    : around_(around),
      place_(placeOf(around.arguments, around.directory)),
      catalogue_(openCatalogue(place_.folder)),
      http_(loop_, around.environment) {
  const auto& arguments = around.arguments;
  const bool runsProgram = arguments.verb != Verb::destroy && arguments.verb != Verb::apply &&
                           arguments.verb != Verb::drift && arguments.verb != Verb::importResource;
  if (runsProgram) checkProgram(place_.program);
  if (place_.app.empty())
    throw Error(ErrorCode::usage, "nothing says which app is meant")
        .next("Name its program, or the app with --app.");
  if (arguments.local) useLocal(around);
  store_ = openState(arguments.local ? local_.data : place_.folder, around.environment);
  providers_ = std::make_unique<provider::cloudcontrol::CloudControlProviders>(
      loop_, http_, *catalogue_, around.environment,
      provider::cloudcontrol::Access{.region = arguments.region,
                                     .profile = arguments.profile,
                                     .endpoint = arguments.local ? local_.url : arguments.endpoint,
                                     .allowLossy = arguments.allowLossy});
}

Workshop::~Workshop() {
  (void)program_.release();
  (void)javascript_.release();
}

void Workshop::useLocal(const Surroundings& around) {
  const auto& arguments = around.arguments;
  const auto data = dataOf(arguments, place_);
  if (auto found = find(loop_, http_, data, arguments.data.empty())) {
    local_ = std::move(*found);
    return;
  }
  if (arguments.data.empty()) state::makeFolder(place_.folder);
  local_ = start(*catalogue_, data, [this](const std::string& text) {
    const std::scoped_lock held(notes_.mutex);
    if (notes_.hear) notes_.hear(text);
  });
}

void Workshop::notesTo(std::function<void(const std::string&)> hear) {
  const std::scoped_lock held(notes_.mutex);
  notes_.hear = std::move(hear);
}

engine::Program& Workshop::program() {
  if (program_) return *program_;
  checkProgram(place_.program);
  javascript_ = std::make_unique<program::JavaScript>();
  program_ = program::typescriptProgram(*javascript_, place_.program, *catalogue_, loop_,
                                        {.environment = around_.environment.variables,
                                         .arguments = around_.arguments.arguments,
                                         .directory = place_.directory,
                                         .stage = around_.arguments.stage});
  return *program_;
}

}  // namespace athanor::cli
