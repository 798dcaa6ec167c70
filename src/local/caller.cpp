#include "local/caller.h"

namespace athanor::local {

std::string partition(const Caller& caller) {
  if (caller.region.starts_with("cn-")) return "aws-cn";
  if (caller.region.starts_with("us-gov-")) return "aws-us-gov";
  return "aws";
}

}  // namespace athanor::local
