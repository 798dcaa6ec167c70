#include "cli/arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "cli/options.h"
#include "schema/names.h"

namespace athanor::cli {

namespace {

void addLocal(CLI::App& to, Arguments& out) {
  to.add_flag("--local", out.local, "Use the AWS that runs here; it is started if none is running");
  to.add_option("--data", out.data, "Data folder of the AWS that runs here (default: .athanor/local)")
      ->type_name("DIR");
}

/// Which copy of which program, and where it lives: what every command that looks at state takes.
void addScope(CLI::App& to, Arguments& out) {
  to.add_option("--app", out.app, "The app's name (default: the program file's name without its ending)");
  to.add_option("--stage", out.stage, "Which copy of the app (default: $STAGE, else $USER, else dev)");
  addLocal(to, out);
}

void addTarget(CLI::App& to, Arguments& out) {
  to.add_option("--endpoint", out.endpoint, "Send requests here instead of to AWS")->type_name("URL");
  to.add_option("--region", out.region, "The AWS region (default: as the AWS CLI finds it)");
  to.add_option("--profile", out.profile, "The profile of ~/.aws/config to use");
}

void addLook(CLI::App& to, Arguments& out) {
  addJson(to, out);
  to.add_flag("--quiet,-q", out.quiet, "Say only what failed");
}

/// How steps are done, for the commands that do any.
void addPace(CLI::App& to, Arguments& out) {
  to.add_flag("--yes,-y", out.yes, "Do not ask");
  to.add_option("--parallel", out.parallel, "Operations in flight at once")
      ->check(CLI::Range(1, 10000))
      ->type_name("N")
      ->capture_default_str();
  to.add_option_function<std::int64_t>(
        "--timeout", [&out](std::int64_t minutes) { out.timeout = std::chrono::minutes(minutes); },
        "How long a step without a timeout of its own may take, in minutes (default: 60)")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{10'080}))
      ->type_name("MIN");
}

/// An option that takes one id and may be given several times.
CLI::Option* addIds(CLI::App& to, const char* name, std::vector<std::string>& ids, const char* what) {
  return to.add_option(name, ids, what)->type_name("ID")->allow_extra_args(false);
}

std::array<CLI::Option*, 2> addSelection(CLI::App& to, Arguments& out) {
  return {addIds(to, "--target", out.targets, "Only this resource and what it needs; may be given again"),
          addIds(to, "--exclude", out.excluded, "Not this resource, nor what needs it; may be given again")};
}

void addOverrideProtect(CLI::App& to, Arguments& out) {
  addIds(to, "--override-protect", out.overrideProtect,
         "Let this resource be deleted or replaced though it is protected; may be given again");
}

void addAdopt(CLI::App& to, Arguments& out) {
  to.add_flag("--adopt", out.adopt, "Take over what exists already instead of creating it");
}

/// What plan, deploy and destroy share.
void addDeployment(CLI::App& to, Arguments& out) {
  to.add_option("PROGRAM", out.subject, "The program (default: athanor.ts or alchemy.run.ts in this folder)");
  addScope(to, out);
  addTarget(to, out);
  addLook(to, out);
  addPace(to, out);
  addSelection(to, out);
  addOverrideProtect(to, out);
  to.add_flag("!--no-refresh", out.refresh, "Do not read live state");
  to.add_flag("--allow-unplanned", out.allowUnplanned,
              "Do deletes and replacements that the plan did not show");
  to.add_flag("--replace-program", out.replaceProgram, "Let this program take over the app and stage");
  to.add_flag("--allow-lossy", out.allowLossy, "Leave out properties that AWS would not honour");
}

void addDeploymentCommands(CLI::App& app, Arguments& out) {
  auto* plan = command(app, out, Verb::plan, "plan", "Show what a deployment would change", "");
  addDeployment(*plan, out);
  addAdopt(*plan, out);
  plan->add_option("--out", out.out, "Save the plan here, sealed, for `athanor apply`")->type_name("FILE");
  plan->add_flag("--detailed-exitcode", out.detailedExitcode, "Exit with 2 where there is something to do");
  plan->footer(footer("  athanor plan examples/basic.ts --local\n"
                      "  athanor plan --json --detailed-exitcode\n"
                      "  athanor plan app.ts --stage prod --out prod.plan") +
               "With --detailed-exitcode: 0 nothing to do, 2 changes, 1 error.\n");
  auto* deploy = command(app, out, Verb::deploy, "deploy", "Make what the program declares",
                         "  athanor deploy examples/basic.ts --local\n"
                         "  athanor deploy app.ts --stage prod --profile work --yes\n"
                         "  athanor deploy app.ts --target channel --exclude bucket");
  addDeployment(*deploy, out);
  addAdopt(*deploy, out);
  addDeployment(
      *command(app, out, Verb::destroy, "destroy", "Delete what was deployed; the program is not needed",
               "  athanor destroy examples/basic.ts --local --yes\n"
               "  athanor destroy --app basic --stage dev --exclude bucket"),
      out);
}

void addApplyCommand(CLI::App& app, Arguments& out) {
  auto* apply = command(app, out, Verb::apply, "apply", "Carry out a saved plan; the program is not run",
                        "  athanor plan app.ts --stage prod --out prod.plan\n"
                        "  athanor apply prod.plan --yes");
  apply->add_option("FILE", out.subject, "What `athanor plan --out FILE` saved")->required();
  addLocal(*apply, out);
  addTarget(*apply, out);
  addLook(*apply, out);
  addPace(*apply, out);
}

void addDriftCommand(CLI::App& app, Arguments& out) {
  auto* drift = command(app, out, Verb::drift, "drift", "Compare what is recorded with what is live", "");
  drift->add_option("PROGRAM", out.subject, "The program; it is not run, and need not exist");
  addScope(*drift, out);
  addTarget(*drift, out);
  addLook(*drift, out);
  drift->add_flag("--accept", out.accept, "Record what is live as what is deployed");
  drift->add_flag("--yes,-y", out.yes, "Do not ask before recording");
  drift->add_flag("--detailed-exitcode", out.detailedExitcode, "Exit with 2 where something has drifted");
  drift->footer(footer("  athanor drift examples/basic.ts --local\n"
                       "  athanor drift --app basic --stage prod --json --detailed-exitcode") +
                "With --detailed-exitcode: 0 in sync, 2 drift, 1 error.\n");
}

void addImportCommand(CLI::App& app, Arguments& out) {
  auto* import = command(
      app, out, Verb::importResource, "import", "Record a resource that exists, and print its declaration",
      "  athanor import ivs.channel arn:aws:ivs:us-east-1:123456789012:channel/AbCd app.ts\n"
      "  athanor import AWS::S3::Bucket my-bucket --id recordings --app basic\n"
      "  athanor import --all AWS::SSM::Parameter app.ts --dry-run");
  import->add_option("TYPE", out.type, "Its resource type")->required();
  import->add_option("IDENTIFIER", out.identifier,
                     "Its primary identifier: plain, \"A|B\", or JSON; not with --all");
  import->add_option("PROGRAM", out.subject, "The program; it is not run, and need not exist");
  import->add_option("--id", out.id, "Its id in the program (default: made of its name)");
  import->add_flag("--all", out.all, "All of the type that are not recorded yet");
  import->add_flag("--dry-run", out.dryRun, "Print the declaration, record nothing");
  addScope(*import, out);
  addTarget(*import, out);
  addLook(*import, out);
}

void addSchemaCommands(CLI::App& app, Arguments& out) {
  auto* schema = app.add_subcommand("schema", "Look at the resource types that AWS has");
  schema->require_subcommand(1);
  schema->footer(footer("  athanor schema show AWS::IVS::RecordingConfiguration"));
  auto* show =
      command(*schema, out, Verb::schemaShow, "show", "Print one resource type",
              "  athanor schema show AWS::IVS::RecordingConfiguration\n  athanor schema show ivs.channel");
  show->add_option("TYPE", out.subject, "Its name")->required();
  addJson(*show, out);
  auto* search = command(*schema, out, Verb::schemaSearch, "search", "Find resource types by a word",
                         "  athanor schema search recording");
  search->add_option("WORD", out.subject, "Part of a name or of a description")->required();
  addJson(*search, out);
  auto* import = command(*schema, out, Verb::schemaImport, "import",
                         "Read AWS's published schema files; from then on they take precedence",
                         "  athanor schema import CloudformationSchema.zip");
  import->add_option("DIR|ZIP", out.subject, "A folder of schema files, or a zip of one")->required();
  addJson(*import, out);
}

void addStateCommands(CLI::App& app, Arguments& out) {
  auto* state = app.add_subcommand("state", "Look at what is recorded as deployed");
  state->require_subcommand(1);
  state->footer(footer("  athanor state list --app basic --local"));
  const auto add = [&](Verb verb, const char* name, const char* what, std::string_view example) {
    auto* made = command(*state, out, verb, name, what, example);
    addScope(*made, out);
    addJson(*made, out);
    return made;
  };
  add(Verb::stateList, "list", "List the resources of an app and stage",
      "  athanor state list --app basic --stage dev --local");
  add(Verb::stateShow, "show", "Print one resource as it is recorded",
      "  athanor state show basicRecordingConfig --app basic --local")
      ->add_option("ID", out.subject, "Its id in the program")
      ->required();
  add(Verb::stateExport, "export", "Print everything of an app and stage as JSON; sealed values stay sealed",
      "  athanor state export --app basic > basic.json");
  auto* move = add(Verb::stateMove, "mv", "Give a recorded resource another id",
                   "  athanor state mv channel liveChannel --app basic --local");
  move->add_option("OLD", out.subject, "The id that it is recorded under")->required();
  move->add_option("NEW", out.id, "The id that the program gives it from now on")->required();
  auto* stages = command(app, out, Verb::stages, "stages", "List the apps and stages that are deployed",
                         "  athanor stages --local");
  addScope(*stages, out);
  addJson(*stages, out);
}

void addHistoryCommands(CLI::App& app, Arguments& out) {
  auto* history = command(app, out, Verb::history, "history", "List who deployed what, when and for how long",
                          "  athanor history --app basic --local\n"
                          "  athanor history examples/basic.ts --stage prod --limit 5 --json");
  history->add_option("PROGRAM", out.subject, "The program; it is not run, and need not exist");
  addScope(*history, out);
  addJson(*history, out);
  history->add_option("--limit", out.limit, "How many, newest first")
      ->check(CLI::PositiveNumber)
      ->type_name("N")
      ->capture_default_str();
  auto* graph = command(app, out, Verb::graph, "graph", "Draw what depends on what",
                        "  athanor graph --app basic --local            # what is recorded\n"
                        "  athanor graph examples/basic.ts --svg > plan.svg");
  auto* program = graph->add_option("PROGRAM", out.subject, "Draw its plan (default: what is recorded)");
  addScope(*graph, out);
  for (auto* selects : addSelection(*graph, out)) selects->needs(program);
  addTarget(*graph, out);
  graph->add_flag("--svg", out.svg, "An SVG document (default: Graphviz's DOT language)");
  graph->add_flag("!--no-refresh", out.refresh, "Do not read live state");
}

/// Names become parts of messages and of rows in a shared state.
void checkName(const std::string& value, const char* option) {
  const bool bad =
      value.empty() || value.size() > 128 || value.front() == '-' ||
      !std::ranges::all_of(value, [](unsigned char c) { return c > 0x20 && c != 0x7f && c != '/'; });
  if (bad)
    throw Error(ErrorCode::usage, fmt::format("\"{}\" is no name for {}: it is 1 to 128 characters without "
                                              "spaces, control characters or a slash",
                                              value, option));
}

/// "import --all TYPE PROGRAM" has no IDENTIFIER, so that PROGRAM stands in its place.
void settleImport(Arguments& out) {
  if (!out.all && out.identifier.empty())
    throw Error(ErrorCode::usage, "nothing says which " + out.type + " is meant")
        .next("Name it by its identifier, or all of them with --all.");
  if (!out.all) return;
  if (!out.id.empty()) throw Error(ErrorCode::usage, "--id names one resource, and --all means several");
  if (!out.subject.empty())
    throw Error(ErrorCode::usage, "--all means every identifier, and \"" + out.identifier + "\" is one");
  out.subject = std::exchange(out.identifier, "");
}

void settle(Arguments& out, const aws::Environment& environment) {
  if (out.verb == Verb::importResource) settleImport(out);
  if (out.stage.empty()) out.stage = environment.first({"STAGE", "USER"});
  if (out.stage.empty()) out.stage = "dev";
  checkName(out.stage, "a stage");
  if (!out.app.empty()) checkName(out.app, "an app");
  if (out.local && !out.endpoint.empty())
    throw Error(ErrorCode::usage, "--local and --endpoint say two different things")
        .next("Give one of them: --local finds or starts the AWS that runs here by itself.");
  if (!out.data.empty() && !out.local && !ofLocal(out.verb))
    throw Error(ErrorCode::usage, "--data has no meaning without --local");
  if (!environment.get("NO_COLOR").empty()) out.colour = false;
}

/// The words of the command that was meant, for "athanor … --help".
std::string chosen(const CLI::App& app) {
  std::string name = "athanor";
  for (const auto* at = &app; !at->get_subcommands().empty();) {
    at = at->get_subcommands().front();
    name += " " + at->get_name();
  }
  return name;
}

/// Throws where a word is meant for a command, or for one of its commands, and there is none of that name.
void checkCommands(const CLI::App& app, const std::vector<std::string>& words) {
  const CLI::App* at = &app;
  std::string spelled = "athanor";
  for (const auto& word : words) {
    const auto commands = at->get_subcommands([](const CLI::App*) { return true; });
    if (word.starts_with('-') || commands.empty()) return;
    const auto found = std::ranges::find(commands, word, &CLI::App::get_name);
    if (found == commands.end()) {
      std::vector<std::string> names;
      for (const auto* command : commands) names.push_back(command->get_name());
      const std::vector<std::string_view> views(names.begin(), names.end());
      const auto near = schema::nearestOf(word, views);
      const auto lists = fmt::format("{} --help lists", spelled);
      throw Error(ErrorCode::usage, fmt::format("{} has no command \"{}\"", spelled, word))
          .next(near.empty() ? lists + " them."
                             : fmt::format("Did you mean \"{}\"? {} all of them.", near, lists));
    }
    at = *found;
    spelled += " " + word;
  }
}

}  // namespace

bool wantsJson(const std::vector<std::string>& words) {
  const auto own = std::ranges::find(words, "--");
  return std::find(words.begin(), own, "--json") != own;
}

std::variant<Arguments, Help> parse(std::vector<std::string> words, const aws::Environment& environment) {
  Arguments out;
  bool version = false, noColour = false;
  CLI::App app("Athanor deploys cloud resources that a program declares.", "athanor");
  app.require_subcommand(0, 1);
  app.fallthrough();
  app.footer(footer("  athanor deploy examples/basic.ts --local"));
  app.add_flag("--version", version, "Print the version");
  app.add_flag("--no-color", noColour, "No colours (also: NO_COLOR=1)");
  addDeploymentCommands(app, out);
  addApplyCommand(app, out);
  addDriftCommand(app, out);
  addImportCommand(app, out);
  addLocalCommands(app, out);
  addSchemaCommands(app, out);
  addStateCommands(app, out);
  addHistoryCommands(app, out);
  addJson(*command(app, out, Verb::version, "version", "Print the version", "  athanor version"), out);

  if (const auto dashes = std::ranges::find(words, "--"); dashes != words.end()) {
    out.arguments.assign(std::next(dashes), words.end());
    words.erase(dashes, words.end());
  }
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::CallForHelp&) {
    return Help{app.help()};
  } catch (const CLI::ExtrasError&) {
    checkCommands(app, words);
    throw Error(ErrorCode::usage,
                fmt::format("{} does not take {}", chosen(app), fmt::join(app.remaining(true), " ")))
        .next(chosen(app) + " --help says what it takes.");
  } catch (const CLI::ParseError& error) {
    checkCommands(app, words);
    throw Error(ErrorCode::usage, error.what()).next(chosen(app) + " --help says what it takes.");
  }
  if (!version && app.get_subcommands().empty()) return Help{app.help()};
  if (version) out.verb = Verb::version;
  if (noColour) out.colour = false;
  settle(out, environment);
  return out;
}

}  // namespace athanor::cli
