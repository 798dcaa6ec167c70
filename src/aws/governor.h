#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/loop.h"

namespace athanor::aws {

/// A number from 0 up to 1, from outside, so that tests own it.
using Random = std::function<double()>;
/// The system's own, seeded once.
Random systemRandom();

struct GovernorSettings {
  double decrease = 0.7;  ///< the rate that was achieved, times this, is the rate after a throttle
  double increase = 1.0;  ///< requests a second that each second of sending at the full rate adds
  double floor = 0.5;     ///< requests a second that are always allowed
  std::chrono::milliseconds pause{250};       ///< what the account rests after its first throttle
  std::chrono::milliseconds longest{20'000};  ///< … and at most, however often it is throttled in a row
};

/// Keeps an account below the rate at which the service throttles: additive increase, multiplicative
/// decrease for each operation, and one rest of the whole account for each time it is throttled, however
/// many requests were under way. Without a throttle nothing is held back.
class Governor {
 public:
  Governor(Loop& loop, Random random, GovernorSettings settings = {});
  ~Governor();

  /// One request on its way.
  struct Ticket {
    std::string account;  ///< account and region, or whatever shares a quota
    std::string operation;
    std::chrono::steady_clock::time_point sent;
    std::uint64_t number = 0;  ///< in the order they were sent
  };
  /// Waits for this request's turn.
  Task<Ticket> admit(std::string account, std::string operation);
  /// The service answered something else than a throttle.
  void answered(const Ticket& ticket);
  void throttled(const Ticket& ticket);
  /// Requests a second that are allowed now; infinity while none was throttled.
  double rate(const std::string& account, const std::string& operation) const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace athanor::aws
