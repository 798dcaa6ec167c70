// Whatever a request's body holds, Cloud Control answers or refuses: it neither crashes nor fails within.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "cloud.h"

using namespace athanor;
using namespace athanor::local;

namespace {

std::string body(const Json& input) { return input.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static fuzz::Cloud cloud;
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
