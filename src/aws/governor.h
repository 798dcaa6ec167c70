#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/loop.h"

namespace athanor::aws {

/// A number from 0 up to 1, from outside, so that tests own it.
using Random = std::function<double()>;
/// The system's own, seeded once.
Random systemRandom();

/// Found by simulation (tests/aws/governor_service_test.cpp): services that allow 5 to 200 requests a second
/// are used to within a few percent, and shared by two processes within a third, for a throttle in ten.
struct GovernorSettings {
  double first = 20;      ///< requests a second after the first throttle; AWS is known to allow about 25
  double seek = 3;        ///< what an answer adds at most, and does until one second of throttling is known
  double increase = 0.1;  ///< what an answer adds right after a throttle; t seconds later 1 + t² times that
  double decrease = 0.8;  ///< the share of the rate that a throttle leaves
  double floor = 0.5;     ///< requests a second that are always allowed
  std::chrono::milliseconds pause{50};        ///< what the account rests after a throttle
  std::chrono::milliseconds longest{20'000};  ///< … and at most, however often it is throttled in a row
};

/// Keeps an account just below the rate at which the service throttles it, over all operations, since they
/// share its quota: the rate grows with the answers and shrinks by a share with each throttle, which lets
/// processes that know nothing of each other share fairly. All requests that were under way when the service
/// throttled count once, and make the account rest once. Without a throttle nothing is held back.
class Governor {
 public:
  Governor(Loop& loop, Random random, GovernorSettings settings = {});
  ~Governor();

  /// One request on its way.
  struct Ticket {
    std::string account;       ///< account and region, or whatever shares a quota
    std::uint64_t number = 0;  ///< in the order they were sent
    bool waited = false;       ///< it could not be sent at once
  };
  /// Waits for this request's turn; they come in the order of the calls.
  Task<Ticket> admit(std::string account);
  /// The service answered something else than a throttle.
  void answered(const Ticket& ticket);
  void throttled(const Ticket& ticket);
  /// Requests a second that are allowed now; infinity while none was throttled.
  double rate(const std::string& account) const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace athanor::aws
