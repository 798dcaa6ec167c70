#include "aws/governor.h"

#include <deque>
#include <limits>
#include <map>
#include <random>

namespace athanor::aws {

using Tick = std::chrono::steady_clock::time_point;
using Seconds = std::chrono::duration<double>;

Random systemRandom() {
  return [engine = std::mt19937_64(std::random_device{}())]() mutable {
    return std::uniform_real_distribution<double>(0, 1)(engine);
  };
}

struct Governor::State : std::enable_shared_from_this<Governor::State> {
  State(Loop& itsLoop, Random itsRandom, GovernorSettings itsSettings)
      : loop(itsLoop), random(std::move(itsRandom)), settings(itsSettings) {}

  struct Bucket {
    double rate = std::numeric_limits<double>::infinity();
    Tick next;                    ///< when the next request may go
    std::uint64_t decreased = 0;  ///< requests numbered below say nothing new when they are throttled
    bool timed = false;
    std::deque<Later<>> waiting;
    std::deque<Tick> answers;  ///< of the last second
  };
  struct Account {
    Tick restsUntil;
    std::uint64_t rested = 0;  ///< requests numbered below do not make it rest again
    int inARow = 0;
    std::map<std::string, Bucket> buckets;
  };

  /// Lets those go whose turn has come, and comes back for the rest.
  void pump(Account& account, Bucket& bucket) {
    while (!bucket.waiting.empty()) {
      const auto now = loop.tick();
      const auto due = std::max(bucket.next, account.restsUntil);
      if (due > now) return comeBack(account, bucket, due - now);
      const bool paced = bucket.rate < std::numeric_limits<double>::infinity();
      // A little credit evens out the timer's grain; more would be a burst.
      if (paced)
        bucket.next = std::max(bucket.next, now - std::chrono::milliseconds(20)) +
                      std::chrono::duration_cast<Tick::duration>(Seconds(1 / bucket.rate));
      auto first = std::move(bucket.waiting.front());
      bucket.waiting.pop_front();
      first.resolve();
    }
  }

  /// Accounts and buckets live as long as the state, in maps that move nothing.
  void comeBack(Account& account, Bucket& bucket, Tick::duration delay) {
    if (std::exchange(bucket.timed, true)) return;
    loop.after(std::chrono::ceil<std::chrono::milliseconds>(delay),
               [weak = weak_from_this(), &account, &bucket] {
                 auto self = weak.lock();
                 if (!self) return;
                 bucket.timed = false;
                 self->pump(account, bucket);
               });
  }

  void forget(Bucket& bucket) const {
    while (!bucket.answers.empty() && bucket.answers.front() < loop.tick() - std::chrono::seconds(1))
      bucket.answers.pop_front();
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

Task<Governor::Ticket> Governor::admit(std::string account, std::string operation) {
  auto state = state_;
  auto& shared = state->accounts[account];
  auto& bucket = shared.buckets[operation];
  Later<> turn;
  bucket.waiting.push_back(turn);
  if (bucket.waiting.size() == 1) state->pump(shared, bucket);
  co_await turn;
  co_return Ticket{std::move(account), std::move(operation), state->loop.tick(), state->sent++};
}

void Governor::answered(const Ticket& ticket) {
  auto& account = state_->accounts[ticket.account];
  auto& bucket = account.buckets[ticket.operation];
  bucket.answers.push_back(state_->loop.tick());
  state_->forget(bucket);
  if (ticket.number >= account.rested) account.inARow = 0;
  if (ticket.number >= bucket.decreased) bucket.rate += state_->settings.increase / bucket.rate;
}

void Governor::throttled(const Ticket& ticket) {
  const auto& settings = state_->settings;
  const auto now = state_->loop.tick();
  auto& account = state_->accounts[ticket.account];
  auto& bucket = account.buckets[ticket.operation];
  if (ticket.number >= bucket.decreased) {
    state_->forget(bucket);
    const auto achieved =
        std::min(bucket.rate, static_cast<double>(std::max<std::size_t>(bucket.answers.size(), 1)));
    bucket.rate = std::max(settings.floor, achieved * settings.decrease);
    bucket.decreased = state_->sent;
    bucket.next = std::max(bucket.next, now);
  }
  if (ticket.number >= account.rested) {
    const auto base = settings.pause * (1LL << std::min(account.inARow++, 16));
    const auto rest = std::min<std::chrono::milliseconds>(base, settings.longest);
    account.restsUntil =
        now + std::chrono::duration_cast<Tick::duration>(rest * (0.5 + state_->random() / 2));
    account.rested = state_->sent;
  }
}

double Governor::rate(const std::string& account, const std::string& operation) const {
  const auto found = state_->accounts.find(account);
  if (found == state_->accounts.end()) return std::numeric_limits<double>::infinity();
  const auto bucket = found->second.buckets.find(operation);
  return bucket == found->second.buckets.end() ? std::numeric_limits<double>::infinity()
                                               : bucket->second.rate;
}

}  // namespace athanor::aws
