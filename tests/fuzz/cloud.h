#pragma once

#include <memory>
#include <random>
#include <string>
#include <string_view>

#include "local/behaviours.h"
#include "local/cloudcontrol/cloud_control.h"

namespace athanor::local::fuzz {

/// A clock that stands still, and random numbers that are the same each time.
inline Sources sources() {
  auto random = std::make_shared<std::mt19937_64>(7);
  return {.now = [] { return Time(std::chrono::seconds(1'800'000'000)); },
          .random = [random] { return (*random)(); }};
}
inline Caller caller() { return {"123456789012", "eu-west-1"}; }

/// Cloud Control in memory, with a log group "x".
class Cloud {
 public:
  Cloud() {
    database_.begin();
    ask("CreateResource",
        R"({"TypeName":"AWS::Logs::LogGroup","DesiredState":"{\"LogGroupName\":\"x\",\"Tags\":[]}"})");
    database_.commit();
  }

  /// The answer, or the refusal's text.
  std::string ask(std::string_view operation, const std::string& body) {
    try {
      return cloudControl_.answer(caller(), operation, body);
    } catch (const cloudcontrol::ApiError& error) {
      return error.what();
    }
  }
  std::string askAndForget(std::string_view operation, const std::string& body) {
    database_.begin();
    auto out = ask(operation, body);
    database_.rollback();
    return out;
  }

 private:
  schema::Catalogue catalogue_;
  cloudcontrol::Database database_{":memory:"};
  cloudcontrol::Behaviours behaviours_ = allBehaviours(nullptr);
  cloudcontrol::Inventory inventory_{database_, catalogue_, behaviours_, sources(), nullptr};
  cloudcontrol::CloudControl cloudControl_{database_, inventory_, catalogue_, {{}, sources()}};
};

}  // namespace athanor::local::fuzz
