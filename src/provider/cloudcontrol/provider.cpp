#include "provider/cloudcontrol/provider.h"

#include <fmt/format.h>

#include <algorithm>

#include "provider/cloudcontrol/patch.h"
#include "provider/s3/bucket.h"
#include "schema/casing.h"
#include "schema/translate.h"

namespace athanor::provider::cloudcontrol {

using std::chrono::milliseconds;
using Seconds = std::chrono::duration<double>;
using SteadyTime = std::chrono::steady_clock::time_point;

namespace {

const char* verb(Operation operation) {
  switch (operation) {
    case Operation::create:
      return "create";
    case Operation::update:
      return "update";
    case Operation::remove:
      return "delete";
  }
  return "change";
}

/// A poll's pauses where the service does not say when to ask again: from 50 ms up to 5 s.
class Pace {
 public:
  explicit Pace(const aws::Random& random) : random_(random) {}
  milliseconds next() {
    const auto pause = milliseconds(static_cast<long>(pause_ * (0.8 + 0.4 * random_())));
    pause_ = std::min(pause_ * 1.5, 5000.0);
    return pause;
  }

 private:
  const aws::Random& random_;
  double pause_ = 50;
};

/// A service that wants to be asked much later may have ended long before.
constexpr milliseconds longestPause(30'000);

/// Counts its own life in `count`, which outlives it.
class Counted {
 public:
  explicit Counted(int& count) : count_(count) { ++count_; }
  ~Counted() { --count_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  int& count_;
};

Error refusal(const Call& call, const ServiceError& error) {
  const auto name = call.identifier.empty() ? call.type : call.type + " " + call.identifier;
  const auto code = error.code() == ErrorCode::notFound ? ErrorCode::provider : error.code();
  return Error(code, fmt::format("AWS refused to {} {}: {}{}", verb(call.operation), name, error.words(),
                                 error.exception().empty() ? "" : " (" + error.exception() + "Exception)"))
      .next(error.hint())
      .with(error.detail());
}

/// True where an operation failed in the middle of its work, so that a resource may stand which reads do not
/// show yet. Other failures say that the service would not begin.
bool brokenOff(const Progress& progress) {
  constexpr std::string_view codes[] = {"NotStabilized", "ServiceTimeout", "ServiceInternalError",
                                        "NetworkFailure", "InternalFailure"};
  return progress.status == Status::failed && !progress.identifier.empty() &&
         std::ranges::find(codes, progress.errorCode) != std::end(codes);
}

Progress ended(const Call& call, Status status) {
  Progress out;
  out.status = status;
  out.operation = call.operation;
  out.type = call.type;
  out.identifier = call.identifier;
  return out;
}

}  // namespace

CloudControlProvider::CloudControlProvider(ClientParts parts, ClientOptions client,
                                           const schema::Catalogue& catalogue, Target target,
                                           ProviderOptions options)
    : parts_(parts),
      client_(parts, std::move(client)),
      catalogue_(catalogue),
      target_(std::move(target)),
      options_(options) {}

/// `props` as AWS takes them; `refuse` says whether a loss is an error.
Json CloudControlProvider::translated(const std::string& type, const Json& props, bool refuse) const {
  const auto* known = options_.translate ? catalogue_.find(type) : nullptr;
  if (!known) return props;
  auto form = schema::forAws(*known, props);
  if (!refuse || options_.allowLossy || form.losses.empty()) return std::move(form.props);
  const auto& first = form.losses.front();
  std::string all;
  for (const auto& loss : form.losses)
    all += fmt::format("{}{}: {}", all.empty() ? "" : "\n", schema::camelPath(*known->root, loss.pointer),
                       loss.reason);
  throw Error(ErrorCode::refused, fmt::format("AWS would not honour {} of {}",
                                              schema::camelPath(*known->root, first.pointer), type))
      .in(schema::camelPath(*known->root, first.pointer))
      .next("Take it out of the program, deploy with --local, or leave it out on AWS with --allow-lossy.")
      .with(all);
}

Json CloudControlProvider::wire(const std::string& type, const Json& props) {
  return translated(type, props, false);
}

Call CloudControlProvider::createCall(const std::string& type, const Json& props, const std::string& token) {
  const Json body = {
      {"TypeName", type}, {"ClientToken", token}, {"DesiredState", translated(type, props, true).dump()}};
  return {Operation::create, type, "", target_, token, body.dump()};
}

std::optional<Call> CloudControlProvider::updateCall(const std::string& type, const std::string& identifier,
                                                     const Json& live, const Json& before,
                                                     const Json& desired, const std::string& token) {
  const auto operations =
      patch(catalogue_.find(type), live, translated(type, before, false), translated(type, desired, true));
  if (operations.empty()) return std::nullopt;
  const Json body = {{"TypeName", type},
                     {"Identifier", identifier},
                     {"ClientToken", token},
                     {"PatchDocument", operations.dump()}};
  return Call{Operation::update, type, identifier, target_, token, body.dump()};
}

Call CloudControlProvider::deleteCall(const std::string& type, const std::string& identifier,
                                      const std::string& token) {
  const Json body = {{"TypeName", type}, {"Identifier", identifier}, {"ClientToken", token}};
  return {Operation::remove, type, identifier, target_, token, body.dump()};
}

Task<Progress> CloudControlProvider::send(const Call* call) {
  switch (call->operation) {
    case Operation::create:
      return client_.createResource(call->body);
    case Operation::update:
      return client_.updateResource(call->body);
    case Operation::remove:
      return client_.deleteResource(call->body);
  }
  throw std::logic_error("an operation that is none");
}

Task<Progress> CloudControlProvider::submit(Call call) {
  const auto deadline = parts_.loop.tick() + options_.conflictPatience;
  Pace pace(parts_.random);
  for (;;) {
    std::optional<ServiceError> refused;
    try {
      auto progress = co_await send(&call);
      noteOutcome(progress);
      co_return progress;
    } catch (const ServiceError& error) {
      refused = error;
    }
    if (refused->fault() == Fault::conflict && parts_.loop.tick() < deadline) {
      if (refused->otherRequest().empty())
        co_await sleepFor(parts_.loop, pace.next());
      else
        co_await waitForOther(refused->otherRequest(), deadline);
      continue;
    }
    if (call.operation == Operation::remove && refused->exception() == "ResourceNotFound")
      co_return ended(call, Status::succeeded);
    if (refused->exception() == "AlreadyExists") {
      auto progress = ended(call, Status::failed);
      progress.errorCode = "AlreadyExists";
      progress.message = refused->words();
      co_return progress;
    }
    throw refusal(call, *refused);
  }
}

/// Waits until the operation that holds the resource has ended, however it ends. The pause comes first, so
/// that a service which names an operation that is over is not asked in a tight circle.
Task<> CloudControlProvider::waitForOther(std::string requestToken, SteadyTime deadline) {
  Progress other;
  other.requestToken = requestToken;
  Pace pace(parts_.random);
  co_await sleepFor(parts_.loop, pace.next());
  try {
    (void)co_await wait(other, deadline);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::notFound && error.code() != ErrorCode::interrupted) throw;
  }
}

/// What an ended operation means: deleting what is gone has succeeded; what was created is fresh, whole or
/// not.
void CloudControlProvider::noteOutcome(Progress& progress) {
  if (progress.operation == Operation::remove && progress.status == Status::failed &&
      progress.errorCode == "NotFound") {
    progress.status = Status::succeeded;
    progress.errorCode.clear();
  }
  if (progress.operation == Operation::create &&
      (progress.status == Status::succeeded || brokenOff(progress)))
    fresh_[{progress.type, progress.identifier}] = parts_.loop.tick();
}

Task<Progress> CloudControlProvider::status(std::string requestToken) {
  auto progress = co_await client_.requestStatus(std::move(requestToken));
  noteOutcome(progress);
  co_return progress;
}

/// Where the service throttles, all polls together take half of what it allows at most, so that they do not
/// hold up what they wait for.
milliseconds CloudControlProvider::pollPause() const {
  const auto seconds = std::min(2 * polling_ / client_.rate(), Seconds(longestPause).count());
  return std::chrono::ceil<milliseconds>(Seconds(seconds));
}

Task<Progress> CloudControlProvider::wait(Progress progress, SteadyTime deadline) {
  Pace pace(parts_.random);
  const Counted counted(polling_);
  bool toldBefore = false;
  while (progress.status == Status::pending) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - parts_.loop.tick());
    if (left.count() <= 0)
      throw Error(ErrorCode::interrupted,
                  fmt::format("the operation on {} {} (request {}) has not ended in time", progress.type,
                              progress.identifier, progress.requestToken))
          .next(
              "It goes on without Athanor. Run the command again to see what became of it; the option "
              "`timeout` "
              "allows it more time.");
    const auto now = parts_.loop.now();
    const bool told = progress.retryAfter && *progress.retryAfter > now;
    auto pause = told ? std::min(std::chrono::ceil<milliseconds>(*progress.retryAfter - now), longestPause)
                      : pace.next();
    // The first time the service says when, that is when it ends; the second time it was wrong before.
    if (!told || std::exchange(toldBefore, true)) pause = std::max(pause, pollPause());
    co_await sleepFor(parts_.loop, std::min(pause, left));
    std::optional<aws::Unreachable> lost;
    try {
      progress = co_await status(progress.requestToken);
    } catch (const aws::Unreachable& error) {
      lost = error;
    }
    if (lost)
      throw Error(ErrorCode::interrupted, fmt::format("what became of request {} is not known: {}",
                                                      progress.requestToken, lost->what()))
          .next("Run the command again: it asks before it does anything else.");
  }
  co_return progress;
}

Task<std::optional<Live>> CloudControlProvider::read(std::string type, std::string identifier) {
  const auto fresh = fresh_.find({type, identifier});
  const auto patience = fresh == fresh_.end() ? parts_.loop.tick() : fresh->second + options_.settling;
  Pace pace(parts_.random);
  for (;;) {
    std::optional<ServiceError> refused;
    try {
      co_return co_await client_.getResource(type, identifier);
    } catch (const ServiceError& error) {
      refused = error;
    }
    if (refused->exception() != "ResourceNotFound" && refused->exception() != "NotFound")
      throw Error(refused->code(), fmt::format("cannot read {} {}: {} ({}Exception)", type, identifier,
                                               refused->words(), refused->exception()))
          .next(refused->hint())
          .with(refused->detail());
    if (parts_.loop.tick() >= patience) co_return std::nullopt;
    co_await sleepFor(parts_.loop, pace.next());
  }
}

Task<std::vector<Live>> CloudControlProvider::list(std::string type, Json resourceModel) {
  std::vector<Live> out;
  std::string next;
  do {
    auto page = co_await client_.listResources(type, resourceModel, next);
    std::ranges::move(page.items, std::back_inserter(out));
    next = std::move(page.next);
  } while (!next.empty());
  co_return out;
}

Task<> CloudControlProvider::empty(std::string type, std::string identifier, SteadyTime deadline) {
  if (type != "AWS::S3::Bucket")
    throw Error(ErrorCode::usage, fmt::format("{} {} holds nothing that can be deleted", type, identifier));
  s3::Bucket bucket(parts_, {.name = std::move(identifier),
                             .region = target_.region,
                             .account = target_.account,
                             .endpoint = options_.s3,
                             .deadline = deadline});
  co_await bucket.empty();
}

Task<std::vector<Progress>> CloudControlProvider::requests(std::chrono::system_clock::time_point since) {
  std::vector<Progress> out;
  std::string next;
  do {
    auto page = co_await client_.listRequests(next);
    const auto before = out.size();
    for (auto& one : page.items)
      if (!one.eventTime || *one.eventTime >= since) out.push_back(std::move(one));
    if (!page.items.empty() && out.size() == before) break;  // they come newest first
    next = std::move(page.next);
  } while (!next.empty());
  std::ranges::sort(out, std::ranges::greater{}, &Progress::eventTime);
  co_return out;
}

}  // namespace athanor::provider::cloudcontrol
