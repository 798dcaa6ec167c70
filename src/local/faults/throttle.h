#pragma once

#include <map>

#include "local/cloudcontrol/operation.h"
#include "local/sources.h"

namespace athanor::local {

/// A quota of requests for each account and region, as AWS keeps it: a bucket that fills by `rate` a second
/// and holds a fifth of a second's worth, two requests at least. Requests that are turned away cost nothing.
class Throttle {
 public:
  /// `rate`: requests a second over all operations; 0 = no quota.
  explicit Throttle(double rate);

  /// Takes one request out of the caller's quota; false where there is none left. A clock that was stepped
  /// back fills nothing.
  bool admits(const Caller& caller, Time now);

 private:
  struct Bucket {
    double left;
    Time filled;
  };
  double rate_, most_;
  std::map<Caller, Bucket> buckets_;
};

}  // namespace athanor::local
