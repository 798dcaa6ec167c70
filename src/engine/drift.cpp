#include "engine/drift.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/reference.h"
#include "engine/check.h"
#include "engine/session.h"
#include "plan/ignored.h"
#include "state/secrets.h"

namespace athanor::engine {

namespace {

bool hasSealed(const Json& value) {
  if (state::isSealed(value)) return true;
  return value.is_structured() && std::ranges::any_of(value, hasSealed);
}

/// The value at `pointer`; null where there is none.
Json valueAt(const Json& tree, const std::string& pointer) {
  const Json::json_pointer at(pointer);
  return tree.contains(at) ? tree[at] : Json();
}

/// Why nothing of a resource can be compared.
std::string nothingTold(const schema::Coverage& coverage) {
  if (coverage.missing.empty()) return "everything it was made with is write-only";
  if (coverage.writeOnly.empty()) return "the live answer tells nothing of what it was made with";
  return "what it was made with is write-only or not in the live answer";
}

/// Sets `pointer` in a template to `value`, null for absent. A reference on the way gives way to what stands
/// in `resolved` there.
void place(Json& tree, const Json& resolved, const std::string& pointer, const Json& value) {
  const Json::json_pointer whole(pointer);
  Json::json_pointer done;
  auto* node = &tree;
  for (std::size_t begin = 1; begin <= pointer.size();) {
    const auto end = std::min(pointer.find('/', begin), pointer.size());
    const Json::json_pointer next(pointer.substr(0, end));
    if (next == whole) {
      if (value.is_null())
        node->erase(whole.back());
      else
        (*node)[whole.back()] = value;
      return;
    }
    auto& inner = (*node)[next.back()];
    if (isUnknown(inner)) {
      inner = valueAt(resolved, next.to_string());
      return;
    }
    node = &inner;
    begin = end + 1;
  }
}

/// The record of a changed resource as it is live; none where a change stands in another place of what was
/// sent than of the program's own props, so that it cannot be written down as theirs.
std::optional<Resource> accepted(const Finding& finding) {
  auto resource = finding.resource;
  auto props = resource.props;
  auto sent = resource.resolved();
  for (const auto& change : finding.changes) {
    if (valueAt(sent, change.pointer) != change.recorded) return std::nullopt;
    place(sent, sent, change.pointer, change.live);
  }
  for (const auto& change : finding.changes) place(props, sent, change.pointer, change.live);
  resource.setProps(std::move(props), std::move(sent));
  resource.outputs = finding.live;
  return resource;
}

}  // namespace

const char* name(Finding::State state) {
  switch (state) {
    case Finding::State::inSync:
      return "inSync";
    case Finding::State::changed:
      return "changed";
    case Finding::State::gone:
      return "gone";
    case Finding::State::notComparable:
      return "notComparable";
  }
  return "notComparable";
}

std::size_t DriftReport::count(Finding::State state) const {
  return static_cast<std::size_t>(std::ranges::count(findings, state, &Finding::state));
}

bool DriftReport::drifted() const { return count(Finding::State::changed) + count(Finding::State::gone) > 0; }

Drift::Drift(Context context, Settings settings)
    : context_(context),
      settings_(std::move(settings)),
      history_(context_, settings_),
      records_({}),
      live_(context_.providers, records_, readsAtOnce) {}
Drift::~Drift() = default;

Task<> Drift::begin() { return redacted(&redaction_, makeReady()); }
Task<DriftReport> Drift::read() { return redacted(&redaction_, readAll()); }
Task<> Drift::accept(const DriftReport* report) { return redacted(&redaction_, recordLive(report)); }

Task<> Drift::makeReady() {
  co_await finishInterrupted(context_, settings_);
  journal_ = std::make_unique<Journal>(context_.loop, context_.store.lock(settings_.scope, settings_.command),
                                       redaction_);
  co_await history_.endInterrupted(journal_.get());
}

/// Reads the records, refuses another target than theirs, and makes the targets of single resources known.
Task<> Drift::open() {
  const auto info = context_.store.info(settings_.scope);
  if (!info)
    throw Error(ErrorCode::notFound, fmt::format("nothing is recorded of {} {} in {}", settings_.scope.app,
                                                 settings_.scope.stage, context_.store.location()))
        .next("`athanor stages` lists what is there; --app, --stage and --local choose.");
  target_ = co_await context_.providers.target("", "");
  auto resources = context_.store.resources(settings_.scope);
  if (!resources.empty() && !(info->target == target_))
    throw otherTarget(*info, target_).next("aim the command at the same target");
  std::set<std::pair<std::string, std::string>> asked;
  for (const auto& resource : resources) redaction_.add(resource);
  for (const auto& resource : resources)
    if (asked.emplace(resource.options.region, resource.options.profile).second)
      (void)co_await context_.providers.target(resource.options.region, resource.options.profile);
  for (const auto& entry : context_.store.journal(settings_.scope))
    undecided_.emplace(entry.id, "an interrupted operation on it is still to be finished");
  records_ = Records(std::move(resources));
}

Task<DriftReport> Drift::readAll() {
  co_await open();
  DriftReport report{.scope = settings_.scope, .target = target_};
  const auto resources = context_.store.resources(settings_.scope);
  for (const auto& resource : resources)
    if (resource.status == Resource::Status::created) live_.read(resource.id);
  std::exception_ptr failure;
  for (const auto& resource : resources) {
    try {
      report.findings.push_back(co_await look(resource));
    } catch (...) {
      failure = std::current_exception();
    }
    if (failure) break;
  }
  (void)co_await live_.drained();
  if (failure) std::rethrow_exception(failure);
  hideSecrets(report);
  co_return report;
}

Task<Finding> Drift::look(Resource recorded) {
  using enum Finding::State;
  const auto* type = context_.catalogue.find(recorded.type);
  const auto open = undecided_.find(recorded.id);
  std::string reason;
  if (recorded.status == Resource::Status::leaving)
    reason = "it was replaced and is still to be deleted";
  else if (recorded.status == Resource::Status::tainted)
    reason = "its creation failed, and the next deployment replaces it";
  else if (open != undecided_.end())
    reason = open->second;
  else if (!type)
    reason = "the type is not in the catalogue";
  if (!reason.empty()) co_return Finding{std::move(recorded), notComparable, std::move(reason)};
  LiveState::Found found;
  try {
    found = co_await live_.found(recorded.id);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::unreachable || error.code() == ErrorCode::credentials) throw;
    reason = redaction_.text(error.what());
  }
  if (!reason.empty()) co_return Finding{std::move(recorded), notComparable, std::move(reason)};
  if (found.state == plan::Evidence::Live::gone) co_return Finding{std::move(recorded), gone};
  co_return compare(std::move(recorded), *type, std::move(found.properties));
}

Finding Drift::compare(Resource recorded, const schema::Type& type, Json live) const {
  const auto sent = sentOf(type, context_.providers.provider(recorded.target), recorded, live);
  Finding finding{std::move(recorded)};
  const auto coverage = schema::coverage(type, sent, live);
  finding.untold = coverage.writeOnly;
  finding.untold.insert(finding.untold.end(), coverage.missing.begin(), coverage.missing.end());
  // As a plan does: nobody can have changed what only a creation sets, so the service writes it differently.
  for (auto& one : schema::drift(type, sent, live)) {
    if (one.createOnly || plan::ignores(finding.resource.options, one.pointer)) continue;
    if (hasSealed(one.before))
      finding.untold.push_back(one.pointer);
    else
      finding.changes.push_back({one.pointer, std::move(one.before), std::move(one.after)});
  }
  if (!finding.changes.empty()) {
    finding.state = Finding::State::changed;
  } else if (coverage.told == 0 && !finding.untold.empty()) {
    finding.state = Finding::State::notComparable;
    finding.reason = nothingTold(coverage);
  }
  finding.live = std::move(live);
  return finding;
}

/// Marks the changes of values that rest sealed.
void Drift::hideSecrets(DriftReport& report) {
  if (report.count(Finding::State::changed) == 0) return;
  std::map<std::pair<std::string, std::int64_t>, Json> sealed;
  for (const auto& resource : context_.store.resources(settings_.scope, state::Secrets::sealed))
    if (hasSealed(resource.resolved()) || hasSealed(resource.outputs))
      sealed.emplace(std::pair(resource.id, resource.generation), resource.resolved());
  for (auto& finding : report.findings)
    if (const auto row = sealed.find({finding.resource.id, finding.resource.generation}); row != sealed.end())
      for (auto& change : finding.changes) change.sensitive = hasSealed(valueAt(row->second, change.pointer));
}

/// Of the mark in the history: what is recorded as live counts as updated, what is forgotten as deleted.
Task<> Drift::recordLive(const DriftReport* report) {
  state::Counts counts;
  std::vector<state::Write> writes;
  for (const auto& finding : report->findings) {
    const auto& resource = finding.resource;
    if (finding.state == Finding::State::gone) {
      writes.push_back(state::Drop{resource.id, resource.generation});
      ++counts.remove;
    }
    if (!finding.live.is_object()) continue;
    auto now = accepted(finding);
    if (!now)
      context_.reporter.note(
          fmt::format("{} cannot be accepted: what changed is sent to AWS in another form than the program's",
                      resource.id));
    if (!now || *now == resource) continue;
    if (finding.state == Finding::State::changed) ++counts.update;
    const auto* type = context_.catalogue.find(resource.type);
    auto sealed = secrets(*type, now->resolved());
    sealed.insert(sealed.end(), now->secrets.begin(), now->secrets.end());
    writes.push_back(state::Put{std::move(*now), std::move(sealed)});
  }
  if (writes.empty()) co_return;
  const auto info = context_.store.info(settings_.scope);
  auto run = recordingRun(settings_, info ? info->program : "", target_, counts, context_.loop.now());
  if (counts.update + counts.remove > 0) writes.push_back(state::Log{&run});
  co_await journal_->commit(std::move(writes));
}

}  // namespace athanor::engine
