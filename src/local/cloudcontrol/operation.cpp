#include "local/cloudcontrol/operation.h"

namespace athanor::local::cloudcontrol {

std::string_view name(Verb verb) {
  switch (verb) {
    case Verb::create:
      return "CREATE";
    case Verb::update:
      return "UPDATE";
    case Verb::remove:
      break;
  }
  return "DELETE";
}

std::string_view statusName(const Operation& operation, Time now) {
  switch (operation.status) {
    case Status::inProgress:
      return now < operation.started ? "PENDING" : "IN_PROGRESS";
    case Status::success:
      return "SUCCESS";
    case Status::failed:
      return "FAILED";
    case Status::cancelling:
      return "CANCEL_IN_PROGRESS";
    case Status::cancelled:
      break;
  }
  return "CANCEL_COMPLETE";
}

}  // namespace athanor::local::cloudcontrol
