// Whatever a request's body holds, Cloud Control answers or refuses: it neither crashes nor fails within.
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>

#include "local/cloudcontrol/cloud_control.h"
#include "local/ivs/behaviours.h"

namespace {

using namespace athanor;
using namespace athanor::local;

class Cloud {
 public:
  Cloud() {
    ivs::addBehaviours(behaviours_);
    database_.begin();
    ask("CreateResource",
        R"({"TypeName":"AWS::Logs::LogGroup","DesiredState":"{\"LogGroupName\":\"x\",\"Tags\":[]}"})");
    database_.commit();
  }

  void ask(std::string_view operation, const std::string& body) {
    try {
      cloudControl_.answer({"123456789012", "eu-west-1"}, operation, body);
    } catch (const cloudcontrol::ApiError&) {  // a refusal is an answer
    }
  }
  void askAndForget(std::string_view operation, const std::string& body) {
    database_.begin();
    ask(operation, body);
    database_.rollback();
  }

 private:
  static Sources sources() {
    auto random = std::make_shared<std::mt19937_64>(7);
    return {.now = [] { return Time(std::chrono::seconds(1'800'000'000)); },
            .random = [random] { return (*random)(); }};
  }

  schema::Catalogue catalogue_;
  cloudcontrol::Database database_{":memory:"};
  cloudcontrol::Behaviours behaviours_;
  cloudcontrol::Inventory inventory_{database_, catalogue_, behaviours_, sources(), nullptr};
  cloudcontrol::CloudControl cloudControl_{database_, inventory_, catalogue_, behaviours_, {{}, sources()}};
};

std::string body(const Json& input) { return input.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Cloud cloud;
  if (size == 0) return 0;
  static constexpr std::string_view operations[] = {
      "CreateResource", "UpdateResource",           "DeleteResource",       "GetResource",
      "ListResources",  "GetResourceRequestStatus", "ListResourceRequests", "CancelResourceRequest"};
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto way = data[0] % 11;
  if (way < 8)
    cloud.askAndForget(operations[way], text);
  else if (way == 8)
    cloud.askAndForget("CreateResource",
                       body({{"TypeName", "AWS::IVS::RecordingConfiguration"}, {"DesiredState", text}}));
  else if (way == 9)
    cloud.askAndForget(
        "UpdateResource",
        body({{"TypeName", "AWS::Logs::LogGroup"}, {"Identifier", "x"}, {"PatchDocument", text}}));
  else
    cloud.askAndForget("GetResource", body({{"TypeName", "AWS::ApiGateway::Stage"}, {"Identifier", text}}));
  return 0;
}
