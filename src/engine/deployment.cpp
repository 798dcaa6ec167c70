#include "engine/deployment.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/history.h"
#include "engine/journal.h"
#include "engine/operations.h"
#include "engine/preview.h"
#include "engine/redaction.h"
#include "engine/replay.h"
#include "engine/session.h"
#include "engine/stopwatch.h"
#include "state/sealed_file.h"

namespace athanor::engine {

InvalidProgram::InvalidProgram(std::vector<Error> mistakes)
    : Error(ErrorCode::validation,
            fmt::format("the program has {} mistake{}", mistakes.size(), mistakes.size() == 1 ? "" : "s")),
      mistakes_(std::move(mistakes)) {}

/// What leaves it, by the reporter or as an error, leaves it without the secrets.
struct Deployment::Impl {
  Redaction redaction;
  RedactedReporter reporter;
  Stopwatch stopwatch;
  Context context;
  Settings settings;
  Program* program;
  Session session;
  History history;
  std::unique_ptr<Journal> journal;
  std::unique_ptr<Operations> operations;
  std::unique_ptr<Preview> preview;
  std::unique_ptr<Replay> replay;
  bool assumed = false;  ///< the program has run before anybody was asked
  std::optional<Error> assumedError;
  bool targetKnown = false;
  Later<> stopping = {};  ///< resolved by stop()

  Impl(Context with, Settings as, Program* what)
      : reporter(with.reporter, redaction, with.catalogue),
        stopwatch(reporter, with.loop),
        context{.loop = with.loop,
                .catalogue = with.catalogue,
                .store = with.store,
                .providers = with.providers,
                .reporter = stopwatch},
        settings(std::move(as)),
        program(what),
        session{.context = context,
                .settings = settings,
                .redaction = redaction,
                .records = Records({}),
                .live = LiveState(context.providers, session.records, readsAtOnce),
                .started = context.loop.now()},
        history(context, settings) {}

  void loadRecords();
  Task<> assume();
  Task<std::optional<Error>> runPreview();
  Task<> makeReady();
  Task<plan::Plan> makePlan();
  Task<plan::Plan> planDestroy();
  Task<Result> carryOut(plan::Plan approved);
  Task<> findTarget();
  Task<> askTarget();
  Task<> resolveTargets();
  void checkProgram() const;
  Task<> recover();
  void noteFailure(const state::Entry& entry, const Error& error);
  Task<> note(const plan::Plan* approved);
  Task<> rename();
  void refuseOutdated(const plan::Plan& saved) const;
  void accept(const plan::Plan& saved);
  std::string stateVersion;  ///< of the records that the deployment began with
  bool destroys = false;
};

Deployment::Deployment(Context context, Settings settings, Program* program)
    : impl_(std::make_unique<Impl>(context, std::move(settings), program)) {}
Deployment::~Deployment() = default;

void Deployment::stop() {
  impl_->session.stopped = true;
  impl_->stopping.resolve();
}

Task<> Deployment::begin() { return redacted(&impl_->redaction, impl_->makeReady()); }
Task<plan::Plan> Deployment::preview() { return redacted(&impl_->redaction, impl_->makePlan()); }
Task<plan::Plan> Deployment::previewDestroy() { return redacted(&impl_->redaction, impl_->planDestroy()); }
Task<Result> Deployment::apply(plan::Plan approved) {
  return redacted(&impl_->redaction, impl_->carryOut(std::move(approved)));
}

Task<> finishInterrupted(Context context, Settings settings) {
  if (context.store.journal(settings.scope).empty()) co_return;
  Deployment recovery(context, std::move(settings), nullptr);
  co_await recovery.begin();
}

void Deployment::Impl::loadRecords() {
  auto rows = context.store.resources(settings.scope);
  if (settings.saving) stateVersion = state::versionOf(rows);
  session.records = Records(std::move(rows));
  for (const auto& [key, resource] : session.records.rows()) redaction.add(resource);
  session.renames = {};
}

/// Runs the program before anybody is asked anything, as if all was as recorded: its mistakes are told first,
/// and the plan stands where the answers are as assumed.
Task<> Deployment::Impl::assume() {
  if (assumed) co_return;
  assumed = true;
  loadRecords();
  if (!program) co_return;
  const auto info = context.store.info(settings.scope);
  session.target =
      info ? info->target : Target{.account = "123456789012", .region = "us-east-1", .endpoint = ""};
  session.assumed.active = true;
  assumedError = co_await runPreview();
  session.assumed.active = false;
  preview->refuseMistakes(assumedError);
  session.assumed.broken = session.assumed.broken || assumedError;
}

/// What the program ended with; none where it ended normally.
Task<std::optional<Error>> Deployment::Impl::runPreview() {
  preview = std::make_unique<Preview>(session);
  std::optional<Error> failure;
  try {
    co_await program->run(*preview);
  } catch (const Error& error) {
    failure = error;
  }
  co_return failure;
}

Task<> Deployment::Impl::askTarget() {
  const auto likely = session.target;
  session.target = co_await context.providers.target("", "");
  if (session.assumed.usedTarget && !(session.target == likely)) session.assumed.broken = true;
}

/// Reads the records and refuses another target than theirs.
Task<> Deployment::Impl::findTarget() {
  if (targetKnown) co_return;
  co_await assume();
  co_await askTarget();
  const auto info = context.store.info(settings.scope);
  if (info && session.records.size() > 0 && !(info->target == session.target))
    throw otherTarget(*info, session.target)
        .next("aim the command at the same target, or choose another --stage for this one");
  co_await resolveTargets();
  targetKnown = true;
}

/// Makes the targets of resources with a region or profile of their own known to the providers.
Task<> Deployment::Impl::resolveTargets() {
  std::set<std::pair<std::string, std::string>> asked;
  for (const auto& [key, resource] : session.records.rows())
    if (asked.emplace(resource.options.region, resource.options.profile).second &&
        !(co_await targetOf(&session, resource.options) == resource.target))
      session.assumed.broken = true;
}

void Deployment::Impl::checkProgram() const {
  if (!program || settings.replaceProgram) return;
  const auto info = context.store.info(settings.scope);
  if (!info || info->program.empty() || info->program == program->path() || session.records.size() == 0)
    return;
  throw Error(ErrorCode::refused, fmt::format("{}/{} was deployed by another program, {}", settings.scope.app,
                                              settings.scope.stage, info->program))
      .next("choose another --app or --stage, or pass --replace-program if this program takes its place");
}

Task<> Deployment::Impl::makeReady() {
  journal = std::make_unique<Journal>(context.loop, context.store.lock(settings.scope, settings.command),
                                      redaction);
  co_await assume();
  co_await history.endInterrupted(journal.get());
  co_await findTarget();
  checkProgram();
  operations = std::make_unique<Operations>(context.loop, context.catalogue, context.providers, *journal,
                                            session.records, settings.timeout, settings.seed);
  co_await recover();
}

namespace {
/// True for what ends the whole command: the state cannot be written, or nothing answers.
bool endsAll(const Error& error) {
  using enum ErrorCode;
  const auto code = error.code();
  return code != interrupted && code != provider && code != notFound && code != throttled;
}
}  // namespace

/// Finishes what is open in the journal. What cannot be decided yet blocks its own id and nothing else.
Task<> Deployment::Impl::recover() {
  const auto entries = context.store.journal(settings.scope);
  session.assumed.broken = session.assumed.broken || !entries.empty();
  std::vector<Later<std::string>> running;
  for (const auto& entry : entries) {
    redaction.add(entry.intended);
    (void)co_await targetOf(&session, entry.intended.options);
    running.push_back(start(operations->recover(entry)));
  }
  std::exception_ptr fatal;
  for (std::size_t i = 0; i < running.size(); ++i) {
    try {
      context.reporter.note(co_await running[i]);
    } catch (const Error& error) {
      if (endsAll(error))
        fatal = std::current_exception();
      else
        noteFailure(entries[i], error);
    }
  }
  if (fatal) std::rethrow_exception(fatal);
}

void Deployment::Impl::noteFailure(const state::Entry& entry, const Error& error) {
  const auto open = context.store.journal(settings.scope, state::Secrets::sealed);
  if (std::ranges::find(open, entry.sequence, &state::Entry::sequence) == open.end())
    return context.reporter.note(about(entry) + " had failed: " + error.what());
  const auto next = error.hint().empty() ? "Run the command again: it asks again." : error.hint();
  const auto what = about(entry) + " is not finished: " + error.what();
  context.reporter.note(what + ". " + next);
  session.blocked.emplace(entry.id, Error(ErrorCode::refused, what).of(entry.id).next(next));
}

Task<plan::Plan> Deployment::Impl::makePlan() {
  co_await findTarget();
  checkProgram();
  if (!journal)
    if (const auto open = context.store.journal(settings.scope).size(); open > 0)
      context.reporter.note(
          fmt::format("{} interrupted operation{} will be finished first by the next deploy", open,
                      open == 1 ? "" : "s"));
  auto& assumption = session.assumed;
  if (assumption.broken && !session.renames.gone.empty()) loadRecords();
  if (settings.refresh)
    for (const auto& [key, resource] : session.records.rows())
      if (resource.status != Resource::Status::leaving) session.live.read(resource.id);
  auto failure = assumedError;
  if (!assumption.broken && !co_await session.live.drained()) {
    assumption.broken = true;
    if (!session.renames.gone.empty()) loadRecords();
  }
  if (assumption.broken) {
    failure = co_await runPreview();
    (void)co_await session.live.drained();
  }
  auto plan = preview->finish(std::move(failure));
  plan.program = program->path();
  plan.stateVersion = stateVersion;
  plan.predicted = predictedDuration(context.store, plan, settings.parallel);
  co_return plan;
}

Task<plan::Plan> Deployment::Impl::planDestroy() {
  destroys = true;
  co_await findTarget();
  preview = std::make_unique<Preview>(session);
  auto plan = preview->finishDestroy();
  plan.predicted = predictedDuration(context.store, plan, settings.parallel);
  co_return plan;
}

/// Records which program this is and where it is deployed, where that is news, and that a run begins.
/// `approved` outlives the task.
Task<> Deployment::Impl::note(const plan::Plan* approved) {
  const auto info = context.store.info(settings.scope);
  const auto path = program                      ? program->path()
                    : !approved->program.empty() ? approved->program
                    : info                       ? info->program
                                                 : "";
  std::vector<state::Write> writes;
  if (!info || info->program != path || !(info->target == session.target))
    writes.push_back(state::Note{path, session.target});
  if (auto begun = history.begin(*approved, path)) writes.push_back(std::move(*begun));
  if (!writes.empty()) co_await journal->commit(std::move(writes));
}

void Deployment::refuseOutdated(const plan::Plan& saved) const { impl_->refuseOutdated(saved); }

void Deployment::Impl::refuseOutdated(const plan::Plan& saved) const {
  if (!(saved.target == session.target))
    throw Error(ErrorCode::refused, fmt::format("the plan was made for {}, but this command is aimed at {}",
                                                toString(saved.target), toString(session.target)))
        .next("aim it with --local, --endpoint, --region or --profile as `athanor plan` was aimed");
  if (saved.stateVersion != state::versionOf(context.store.resources(settings.scope)))
    throw Error(ErrorCode::refused, fmt::format("{} {} has been deployed or changed since the plan was saved",
                                                settings.scope.app, settings.scope.stage))
        .next("plan again: athanor plan " + saved.program + " --out FILE");
}

/// Takes over the ids that a saved plan gives.
void Deployment::Impl::accept(const plan::Plan& saved) {
  for (const auto& step : saved.steps) redaction.add(step.declaration);
  refuseOutdated(saved);
  for (const auto& step : saved.steps) {
    const auto& from = step.declaration.options.renamedFrom;
    if (!from.empty() && session.records.current(from) && !session.records.current(step.id))
      athanor::engine::rename(session, from, step.id);
  }
}

/// Records what the program gave other ids under these.
Task<> Deployment::Impl::rename() {
  if (session.renames.gone.empty()) co_return;
  co_await operations->record(std::move(session.renames.gone), std::move(session.renames.changed));
  session.renames = {};
}

namespace {
/// Resolves `over` when `running` has ended, however it did.
Task<> resolveAfter(Later<> running, Later<> over) {
  try {
    co_await running;
  } catch (...) {  // NOLINT(bugprone-empty-catch): who asks `running` hears of it
  }
  over.resolve();
}
}  // namespace

/// A program that waits for something of its own does not hold up a stop: it is left where it is.
Task<Result> Deployment::Impl::carryOut(plan::Plan approved) {
  const bool saved = !program && !destroys;
  if (saved) accept(approved);
  co_await note(&approved);
  co_await rename();
  replay = std::make_unique<Replay>(session, *operations, approved);
  if (saved) replay->declareAll();
  replay->start();
  std::optional<Error> failure;
  bool whole = true;
  if (program) {
    auto running = start(program->run(*replay));
    Later<> over = stopping;
    spawn(resolveAfter(running, over));
    co_await over;
    whole = running.settled();
    try {
      if (whole) co_await running;
    } catch (const Error& error) {
      failure = error;
    }
  }
  auto result = co_await replay->finish(whole && !failure);
  if (failure) result.programError = redaction.error(*failure);
  if (destroys)
    for (const auto& [key, resource] : session.records.rows())
      if (std::ranges::find(approved.unselected, resource.id) == approved.unselected.end())
        result.left.push_back(resource);
  for (const auto& [id, why] : session.blocked) result.undecided.push_back(id);
  co_await history.end(journal.get(), result, session.stopped, stopwatch.taken());
  co_return result;
}

}  // namespace athanor::engine
