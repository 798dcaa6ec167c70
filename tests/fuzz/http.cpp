// Whatever bytes come over a connection, they are a request or they are not; a request is told apart,
// answered and written down.
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>

#include "cloud.h"
#include "local/admin/request_log.h"
#include "local/http/guard.h"
#include "local/http/listener.h"
#include "local/s3/operation.h"

using namespace athanor;
using namespace athanor::local;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static fuzz::Cloud cloud;
  static admin::RequestLog log(fuzz::sources());
  const auto request = http::parsed({reinterpret_cast<const char*>(data), size}, {});
  if (!request) return 0;
  (void)http::refusalOfStrangers(*request);
  (void)s3::operationOf(s3::callOf(*request));
  auto reply = log.writing(*request, fuzz::caller(), "id", [](http::Response) {});
  const auto target = request->header("x-amz-target");
  reply({200, {}, cloud.askAndForget(target.substr(target.find('.') + 1), request->body)});
  if (toJson(log.newest(1).requests.at(0)).dump(-1, ' ', false, Json::error_handler_t::replace).empty())
    std::abort();
  return 0;
}
