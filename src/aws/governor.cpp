#include "aws/governor.h"

#include <algorithm>
#include <deque>
#include <limits>
#include <map>
#include <random>

namespace athanor::aws {

using Tick = std::chrono::steady_clock::time_point;
using Seconds = std::chrono::duration<double>;

namespace {

constexpr auto unlimited = std::numeric_limits<double>::infinity();

Tick::duration ticks(double seconds) { return std::chrono::duration_cast<Tick::duration>(Seconds(seconds)); }

}  // namespace

Random systemRandom() {
  return [engine = std::mt19937_64(std::random_device{}())]() mutable {
    return std::uniform_real_distribution<double>(0, 1)(engine);
  };
}

struct Governor::State : std::enable_shared_from_this<Governor::State> {
  State(Loop& itsLoop, Random itsRandom, GovernorSettings itsSettings)
      : loop(itsLoop), random(std::move(itsRandom)), settings(itsSettings) {}

  struct Account {
    double rate = unlimited;
    bool seeking = false;      ///< what the service allows is not known yet
    Tick throttled;            ///< for the first time, and once that is known the last time
    std::uint64_t slowed = 0;  ///< requests numbered below say nothing new when they are throttled
    int inARow = 0;            ///< throttles without an answer between them
    Tick next;                 ///< when the next request may go
    Tick restsUntil;           ///< … and not before this either
    bool timed = false;
    std::deque<Later<>> waiting;
    std::deque<Tick> answers;  ///< of the last second
  };

  /// Lets those go whose turn has come, and comes back for the rest.
  void pump(Account& account) {
    while (!account.waiting.empty()) {
      const auto now = loop.tick();
      const auto due = std::max(account.next, account.restsUntil);
      if (due > now) return comeBack(account, due - now);
      // A little credit evens out the timer's grain; more would be a burst. Chance in the pace keeps
      // processes from meeting at the same moments again and again.
      if (account.rate < unlimited)
        account.next = std::max(account.next, now - std::chrono::milliseconds(20)) +
                       ticks((0.75 + random() / 2) / account.rate);
      auto first = std::move(account.waiting.front());
      account.waiting.pop_front();
      first.resolve();
    }
  }

  /// Accounts live as long as the state, in a map that moves nothing.
  void comeBack(Account& account, Tick::duration delay) {
    if (std::exchange(account.timed, true)) return;
    loop.after(std::chrono::ceil<std::chrono::milliseconds>(delay), [weak = weak_from_this(), &account] {
      auto self = weak.lock();
      if (!self) return;
      account.timed = false;
      self->pump(account);
    });
  }

  /// Requests that were answered in the last second.
  double achieved(Account& account) const {
    while (!account.answers.empty() && account.answers.front() < loop.tick() - std::chrono::seconds(1))
      account.answers.pop_front();
    return static_cast<double>(account.answers.size());
  }

  void slowDown(Account& account) const {
    const auto now = loop.tick();
    if (account.rate == unlimited) {
      account.seeking = true;
      account.rate = settings.first;
    } else if (account.seeking) {
      // The first answers come out of what the service had in store, and say nothing of its rate.
      if (now - account.throttled < std::chrono::seconds(1)) return;
      account.seeking = false;
      account.rate = std::max(settings.floor, std::min(account.rate, achieved(account)) * settings.decrease);
    } else {
      account.rate = std::max(settings.floor, account.rate * settings.decrease);
    }
    account.throttled = now;
  }

  void speedUp(Account& account) const {
    const double passed = Seconds(loop.tick() - account.throttled).count();
    account.rate +=
        account.seeking ? settings.seek : std::min(settings.seek, settings.increase * (1 + passed * passed));
  }

  void rest(Account& account) {
    const auto pause = settings.pause * (1LL << std::min(account.inARow++, 16));
    const auto most = std::min<std::chrono::milliseconds>(pause, settings.longest);
    account.restsUntil =
        loop.tick() + std::chrono::duration_cast<Tick::duration>(most * (0.5 + random() / 2));
  }

  Loop& loop;
  Random random;
  GovernorSettings settings;
  std::map<std::string, Account> accounts;
  std::uint64_t sent = 0;
};

Governor::Governor(Loop& loop, Random random, GovernorSettings settings)
    : state_(std::make_shared<State>(loop, std::move(random), settings)) {}
Governor::~Governor() = default;

Task<Governor::Ticket> Governor::admit(std::string account) {
  auto state = state_;
  auto& own = state->accounts[account];
  Later<> turn;
  own.waiting.push_back(turn);
  if (own.waiting.size() == 1) state->pump(own);
  const bool waits = !turn.settled();
  co_await turn;
  co_return Ticket{std::move(account), state->sent++, waits};
}

void Governor::answered(const Ticket& ticket) {
  auto& account = state_->accounts[ticket.account];
  if (account.rate == unlimited) return;
  account.answers.push_back(state_->loop.tick());
  (void)state_->achieved(account);
  if (ticket.number < account.slowed) return;
  account.inARow = 0;
  // Where a request need not wait, the rate is not what holds it back, and its answer says nothing of that.
  if (ticket.waited) state_->speedUp(account);
}

void Governor::throttled(const Ticket& ticket) {
  auto& account = state_->accounts[ticket.account];
  if (ticket.number < account.slowed) return;
  state_->slowDown(account);
  state_->rest(account);
  account.slowed = state_->sent;
}

double Governor::rate(const std::string& account) const {
  const auto found = state_->accounts.find(account);
  return found == state_->accounts.end() ? unlimited : found->second.rate;
}

}  // namespace athanor::aws
