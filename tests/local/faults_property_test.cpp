// Whatever faults are switched on: a client that keeps to Cloud Control's rule of tokens (the same token with
// the same request until an answer has come) makes at most one resource for each token.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

#include "fixtures.h"
#include "local/faults/description.h"
#include "local/faults/faults.h"

namespace athanor::local::test {
namespace {

using std::chrono::milliseconds;

const std::string channel = "AWS::IVS::Channel";
const std::string logGroup = "AWS::Logs::LogGroup";

rc::Gen<Json> anyFault() {
  return rc::gen::exec([] {
    const std::string kind =
        *rc::gen::element<std::string>("throttle", "error", "lose-request", "lose-answer", "stop", "edit",
                                       "delete", "fail", "create-failed", "slow", "stuck", "stale");
    Json out = {{"kind", kind}, {"seed", *rc::gen::inRange(0, 1000)}};
    out["probability"] = *rc::gen::element(0.1, 0.3, 0.5);
    if (*rc::gen::arbitrary<bool>()) out["type"] = *rc::gen::element<std::string>("AWS::IVS::*", "*Group");
    if (*rc::gen::arbitrary<bool>()) out["after"] = *rc::gen::inRange(0, 5);
    if (*rc::gen::arbitrary<bool>()) out["count"] = *rc::gen::inRange(1, 8);
    if (kind == "throttle" && *rc::gen::arbitrary<bool>()) out["rate"] = *rc::gen::inRange(1, 50);
    if (kind == "error")
      out["exception"] =
          *rc::gen::element<std::string>("HandlerFailure", "ServiceUnavailable", "NotStabilized");
    if (kind == "fail") out["code"] = *rc::gen::element<std::string>("Throttling", "InternalFailure");
    if (kind == "stop") out["at"] = *rc::gen::element<std::string>("before-commit", "after-commit");
    if (kind == "slow" || kind == "stale")
      out["milliseconds"] = *rc::gen::element<std::string>("0", "200", "0-3000");
    if (kind == "edit") out["set"] = {{"Tags", {{{"Key", "k"}, {"Value", "v"}}}}};
    return out;
  });
}

/// The path of a request as the server has it, and a client that asks until it is answered.
class Meeting {
 public:
  explicit Meeting(milliseconds latency) : cloud(latency) {
    cloud.fate = [this](const auto& key, auto verb) { return faults_.fateOf(key, verb); };
  }

  void switchOn(const Json& faults) { faults_.add(faultsFrom(faults, cloud.sources())); }

  /// The answer's ProgressEvent; null where no answer came in as many attempts as anybody has patience for.
  Json insist(const std::string& operation, const Json& input) {
    for (int i = 0; i < 200; ++i) {
      cloud.pass(milliseconds(50));
      if (auto answer = ask(operation, input); answer.is_object()) return answer;
    }
    return nullptr;
  }

  InProcess cloud;

 private:
  Json ask(const std::string& operation, const Json& input) {
    const auto verdict = faults_.meet(cloud.caller, operation, input.dump());
    if (verdict.loseRequest || verdict.error) return nullptr;
    for (const auto& one : verdict.intrusions) {
      auto console = cloud.console();
      try {
        one.set ? console.edit(one.key, *one.set) : console.remove(one.key);
      } catch (const cloudcontrol::HandlerFailure&) {  // gone already
      }
    }
    if (verdict.stop == Fault::StopAt::beforeCommit) {
      cloud.lost(operation, input);
      return nullptr;
    }
    try {
      auto answer = cloud.call(operation, input);
      return verdict.loseAnswer || verdict.stop ? Json() : answer.value("ProgressEvent", answer);
    } catch (const cloudcontrol::ApiError& error) {
      return {{"Refused", error.type()}};
    }
  }

  Faults faults_{[this] { return *cloud.now; }};
};

/// Past every fault: what there is, by identifier.
std::map<std::string, Json> truth(Meeting& meeting, const std::string& type) {
  meeting.cloud.pass(std::chrono::hours(1));  // reads that lag have caught up
  std::map<std::string, Json> out;
  for (const auto& one : meeting.cloud.list(type)) {
    const auto identifier = one.at("Identifier").get<std::string>();
    EXPECT_TRUE(out.emplace(identifier, Json::parse(one.at("Properties").get<std::string>())).second)
        << identifier << " is listed twice";
    EXPECT_EQ(meeting.cloud.read(type, identifier), out.at(identifier)) << "read and listed differently";
  }
  return out;
}

RC_GTEST_PROP(AnyFaults, MakeAtMostOneResourceForEachClientToken, ()) {
  const auto faults = *rc::gen::container<std::vector<Json>>(*rc::gen::inRange(0, 6), anyFault());
  const auto latency = milliseconds(*rc::gen::element(0, 100, 1000));
  Meeting meeting(latency);
  meeting.switchOn(faults);
  std::map<std::string, Json> last;  // by token
  for (int i = 0; i < 12; ++i) {
    const auto token = "t" + std::to_string(i);
    const Json model = i % 2 ? Json{{"LogGroupName", token}} : Json{{"Name", token}};
    auto event = meeting.insist(
        "CreateResource",
        {{"TypeName", i % 2 ? logGroup : channel}, {"DesiredState", model.dump()}, {"ClientToken", token}});
    last[token] = event;
  }
  const auto channels = truth(meeting, channel), groups = truth(meeting, logGroup);
  std::map<std::string, int> named;
  for (const auto& [identifier, properties] : channels) ++named[properties.at("Name")];
  for (const auto& [name, times] : named) RC_ASSERT(times == 1);
  RC_ASSERT(channels.size() <= 6U);
  RC_ASSERT(groups.size() <= 6U);

  // What was told is what is: no one has deleted anything, since nothing but a create was asked for.
  for (const auto& [token, event] : last) {
    if (!event.is_object()) continue;
    const auto now = meeting.cloud.status(event);
    const bool ended = now.at("OperationStatus") == "SUCCESS" || now.at("OperationStatus") == "FAILED";
    const auto identifier = stringAt(now, "Identifier");
    const bool there = channels.contains(identifier) || groups.contains(identifier);
    if (now.at("OperationStatus") == "SUCCESS") RC_ASSERT(there);
    RC_ASSERT(ended || !now.contains("RetryAfter"));  // stuck
  }
}

RC_GTEST_PROP(AnyFaults, DeleteWhatIsAskedForAndNothingElse, ()) {
  const auto faults = *rc::gen::container<std::vector<Json>>(*rc::gen::inRange(0, 6), anyFault());
  Meeting meeting(milliseconds(0));
  for (int i = 0; i < 6; ++i) meeting.cloud.create(logGroup, {{"LogGroupName", "g" + std::to_string(i)}});
  meeting.switchOn(faults);
  std::set<std::string> untouched;
  for (int i = 0; i < 6; ++i) {
    const auto name = "g" + std::to_string(i);
    if (i % 2) {
      untouched.insert(name);
      continue;
    }
    (void)meeting.insist("DeleteResource",
                         {{"TypeName", logGroup}, {"Identifier", name}, {"ClientToken", name}});
  }
  const auto left = truth(meeting, logGroup);
  for (const auto& name : untouched) RC_ASSERT(left.contains(name));
}

RC_GTEST_PROP(AnyFaults, AreTheSameAgainWithTheSameSeed, ()) {
  const auto faults = *rc::gen::container<std::vector<Json>>(*rc::gen::inRange(1, 6), anyFault());
  const auto run = [&] {
    Meeting meeting(milliseconds(100));
    meeting.switchOn(faults);
    Json told = Json::array();
    for (int i = 0; i < 8; ++i)
      told.push_back(meeting.insist("CreateResource",
                                    {{"TypeName", logGroup},
                                     {"DesiredState", Json{{"LogGroupName", "g" + std::to_string(i)}}.dump()},
                                     {"ClientToken", "t" + std::to_string(i)}}));
    return told;
  };
  RC_ASSERT(run() == run());
}

}  // namespace
}  // namespace athanor::local::test
