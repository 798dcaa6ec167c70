#include "local/faults/faults.h"

#include <algorithm>
#include <random>

#include "local/cloudcontrol/model.h"
#include "local/faults/description.h"
#include "local/faults/glob.h"
#include "local/faults/throttle.h"
#include "local/faults/vocabulary.h"

namespace athanor::local {

using cloudcontrol::ApiError;
using cloudcontrol::Fate;
using cloudcontrol::Verb;

namespace {

std::string_view operationOf(Verb verb) {
  switch (verb) {
    case Verb::create:
      return "CreateResource";
    case Verb::update:
      return "UpdateResource";
    case Verb::remove:
      break;
  }
  return "DeleteResource";
}

bool changes(std::string_view operation) {
  return operation == "CreateResource" || operation == "UpdateResource" || operation == "DeleteResource";
}

/// Kinds that strike what is accepted, not what is asked. A slow read is slow to be answered; a slow change
/// is answered at once and takes its time.
bool strikesOperations(Fault::Kind kind, std::string_view operation) {
  switch (kind) {
    case Fault::Kind::fail:
    case Fault::Kind::createFailed:
    case Fault::Kind::stuck:
    case Fault::Kind::stale:
      return true;
    case Fault::Kind::slow:
      return changes(operation);
    default:
      return false;
  }
}

constexpr auto usualMessage = "A fault that is switched on in the AWS that runs here.";

std::string messageOf(const Fault& fault) { return fault.message.empty() ? usualMessage : fault.message; }

}  // namespace

/// A request or an operation, as selectors look at it.
struct Faults::Subject {
  const Caller& caller;
  std::string_view operation;
  std::string type;
  std::string identifier;
};

class Faults::Active {
 public:
  explicit Active(Fault given) : fault(std::move(given)), random_(fault.seed), throttle_(fault.rate) {}

  bool concerns(std::string_view operation) const {
    const auto among = [&](const auto& names) { return std::ranges::find(names, operation) != names.end(); };
    return fault.operations.empty() ? among(vocabulary::of(fault.kind).operations) : among(fault.operations);
  }

  /// True where it strikes; counts either way.
  bool strikes(const Subject& subject, Time now) {
    if (!concerns(subject.operation) || !fits(subject)) return false;
    if (++matched <= fault.after || (fault.count && struck >= *fault.count)) return false;
    if (fault.probability < 1 && draw() >= fault.probability) return false;
    if (fault.rate > 0 && throttle_.admits(subject.caller, now)) return false;
    ++struck;
    return true;
  }

  std::chrono::milliseconds duration() {
    const auto span = static_cast<std::uint64_t>((fault.most - fault.least).count()) + 1;
    return fault.least + std::chrono::milliseconds(span > 1 ? random_() % span : 0);
  }

  const Fault fault;
  std::uint64_t matched = 0, struck = 0;

 private:
  bool fits(const Subject& subject) const {
    const auto glob = [](const std::string& pattern, const std::string& text) {
      return pattern.empty() || globMatches(pattern, text);
    };
    const auto same = [](const std::string& wanted, const std::string& text) {
      return wanted.empty() || wanted == text;
    };
    return glob(fault.type, subject.type) && glob(fault.identifier, subject.identifier) &&
           same(fault.account, subject.caller.account) && same(fault.region, subject.caller.region);
  }

  /// From 0 up to 1, the same on every machine.
  double draw() { return static_cast<double>(random_() >> 11) * 0x1p-53; }

  std::mt19937_64 random_;
  Throttle throttle_;
};

Faults::Faults(std::function<Time()> now) : now_(std::move(now)) {}
Faults::~Faults() = default;

void Faults::add(std::vector<Fault> faults) {
  for (auto& one : faults) active_.push_back(std::make_unique<Active>(std::move(one)));
}

void Faults::clear() { active_.clear(); }

Json Faults::list() const {
  Json out = Json::array();
  for (const auto& one : active_) {
    auto entry = described(one->fault);
    entry["number"] = out.size() + 1;
    entry["matched"] = one->matched;
    entry["struck"] = one->struck;
    out.push_back(std::move(entry));
  }
  return out;
}

Verdict Faults::meet(const Caller& caller, std::string_view operation, std::string_view body) {
  Verdict out;
  if (none()) return out;
  Subject subject{caller, operation, "", ""};
  // Text that nests too deep is refused by Cloud Control itself, and names nothing here.
  const auto input = cloudcontrol::nesting(body) > 64 ? Json() : Json::parse(body, nullptr, false);
  if (input.is_object()) {
    subject.type = stringAt(input, "TypeName");
    subject.identifier = stringAt(input, "Identifier");
  }
  for (const auto& one : active_)
    if (!strikesOperations(one->fault.kind, operation) && strike(*one, out, subject)) break;
  return out;
}

/// True where nothing can strike the request any more.
bool Faults::strike(Active& active, Verdict& verdict, const Subject& subject) {
  const auto& fault = active.fault;
  if (!active.strikes(subject, now_())) return false;
  switch (fault.kind) {
    case Fault::Kind::throttle:
      verdict.error = ApiError(factsOf("ThrottlingException").wireName, "Rate exceeded");
      return true;
    case Fault::Kind::error: {
      const auto facts = factsOf(fault.exception);
      verdict.error = ApiError(facts.wireName, messageOf(fault), facts.status);
      return true;
    }
    case Fault::Kind::loseRequest:
      verdict.loseRequest = true;
      return true;
    case Fault::Kind::loseAnswer:
      verdict.loseAnswer = true;
      break;
    case Fault::Kind::stop:
      verdict.stop = fault.stopAt;
      return true;
    case Fault::Kind::edit:
    case Fault::Kind::remove:
      verdict.intrusions.push_back(
          {{subject.caller, subject.type, subject.identifier},
           fault.kind == Fault::Kind::edit ? std::optional(fault.set) : std::nullopt});
      break;
    case Fault::Kind::slow:
      verdict.delay = active.duration();
      break;
    default:
      break;
  }
  return false;
}

Fate Faults::fateOf(const cloudcontrol::ResourceKey& resource, Verb verb) {
  Fate out;
  const Subject subject{resource.caller, operationOf(verb), resource.type, resource.identifier};
  for (const auto& one : active_) {
    const auto& fault = one->fault;
    if (!strikesOperations(fault.kind, subject.operation) || !one->strikes(subject, now_())) continue;
    switch (fault.kind) {
      case Fault::Kind::fail:
      case Fault::Kind::createFailed:
        out.errorCode = fault.code;
        out.message = messageOf(fault);
        out.halfway = fault.kind == Fault::Kind::createFailed;
        break;
      case Fault::Kind::slow:
        out.latency = one->duration();
        break;
      case Fault::Kind::stuck:
        out.stuck = true;
        break;
      default:
        out.stale = one->duration();
        break;
    }
  }
  return out;
}

}  // namespace athanor::local
