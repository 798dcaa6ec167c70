#include "engine/history.h"

#include <algorithm>

#include "plan/duration.h"

namespace athanor::engine {

using std::chrono::milliseconds;

namespace {

state::Counts countsOf(const plan::Summary& sum) {
  return {.create = sum.create,
          .update = sum.update,
          .replace = sum.replace,
          .remove = sum.remove,
          .adopt = sum.adopt,
          .keep = sum.keep};
}

Task<> nothing() { co_return; }

milliseconds median(std::vector<milliseconds> all) {
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
  std::ranges::nth_element(all, middle);
  if (all.size() % 2 == 1) return *middle;
  return (*std::max_element(all.begin(), middle) + *middle) / 2;
}

}  // namespace

Task<> History::endInterrupted(Journal* journal) {
  auto last = context_.store.runs(settings_.scope, 1);
  if (last.empty() || last.front().outcome != state::Run::Outcome::unfinished) co_return;
  auto& run = last.front();
  run.outcome = state::Run::Outcome::interrupted;
  if (const auto info = context_.store.info(settings_.scope)) run.endedAt = info->updatedAt;
  std::vector<state::Write> writes;
  writes.push_back(state::Log{&run});
  co_await journal->commit(std::move(writes));
}

std::optional<state::Write> History::begin(const plan::Plan& approved, std::string program) {
  run_ = {.command = settings_.command,
          .program = std::move(program),
          .user = settings_.user,
          .host = settings_.host,
          .target = approved.target,
          .begunAt = context_.loop.now(),
          .planned = countsOf(approved.summary())};
  if (run_.planned == state::Counts{.keep = run_.planned.keep} && approved.endedEarly.empty()) return {};
  return state::Log{&run_};
}

Task<> History::end(Journal* journal, const Result& result, bool stopped,
                    std::vector<state::Timing> timings) {
  run_.endedAt = context_.loop.now();
  run_.done = countsOf(result.done);
  run_.done.failed = result.failed;
  run_.done.notRun = result.notRun;
  run_.outcome = stopped       ? state::Run::Outcome::stopped
                 : result.ok() ? state::Run::Outcome::succeeded
                               : state::Run::Outcome::failed;
  const bool unplanned = result.done.changes() + result.failed + result.notRun > 0;
  return run_.number != 0 || unplanned ? write(journal, std::move(timings)) : nothing();
}

Task<> History::write(Journal* journal, std::vector<state::Timing> timings) {
  std::vector<state::Write> writes;
  writes.push_back(state::Log{&run_});
  if (!timings.empty()) writes.push_back(state::Learn{run_.target.endpoint, std::move(timings)});
  try {
    co_await journal->commit(std::move(writes));
  } catch (const Error& error) {
    context_.reporter.note(std::string("the history could not be written: ") + error.what());
  }
}

state::Run recordingRun(const Settings& settings, std::string program, Target target, state::Counts done,
                        std::chrono::system_clock::time_point now) {
  return {.command = settings.command,
          .program = std::move(program),
          .user = settings.user,
          .host = settings.host,
          .target = std::move(target),
          .begunAt = now,
          .endedAt = now,
          .outcome = state::Run::Outcome::succeeded,
          .planned = done,
          .done = done};
}

std::optional<milliseconds> predictedDuration(state::Store& store, const plan::Plan& plan,
                                              std::size_t parallel) {
  if (plan.summary().changes() == 0) return {};
  std::map<std::pair<std::string, std::string>, milliseconds> usual;
  for (auto& [key, durations] : store.timings(plan.target.endpoint))
    if (!durations.empty()) usual.emplace(key, median(durations));
  return plan::predictDuration(
      plan,
      [&](const std::string& type, plan::Action action) -> std::optional<milliseconds> {
        const auto found = usual.find({type, plan::name(action)});
        return found == usual.end() ? std::nullopt : std::optional(found->second);
      },
      parallel);
}

}  // namespace athanor::engine
