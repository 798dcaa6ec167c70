// The governor against a service that throttles, on a clock that the test owns.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <tuple>

#include "aws/governor.h"
#include "support/virtual_loop.h"

namespace athanor::aws {
namespace {

using std::chrono::milliseconds;
using Seconds = std::chrono::duration<double>;

/// What is asked of the service, and by whom.
struct Load {
  double rate = 25;           ///< requests a second that it allows to an account, all operations together
  int clients = 1;            ///< processes of their own, which know nothing of each other
  int resources = 500;        ///< of each client: a create, a poll where there is latency, and a read each
  int parallel = 64;          ///< resources under way at once, of each client
  milliseconds latency{0};    ///< of an operation; the service says exactly when it ends
  milliseconds roundTrip{2};  ///< of a request
};

/// A bucket that fills by `rate` a second and holds a fifth of a second's worth: as local/faults/throttle.h.
class Service {
 public:
  Service(Loop& loop, double rate)
      : loop_(loop), rate_(rate), most_(std::max(2.0, rate / 5)), left_(most_), filled_(loop.tick()) {}
  bool admits() {
    left_ = std::min(most_, left_ + rate_ * Seconds(loop_.tick() - filled_).count());
    filled_ = loop_.tick();
    ++(left_ < 1 ? throttled : admitted);
    if (left_ < 1) return false;
    left_ -= 1;
    return true;
  }
  int admitted = 0, throttled = 0;

 private:
  Loop& loop_;
  double rate_, most_, left_;
  std::chrono::steady_clock::time_point filled_;
};

struct Client {
  Governor governor;
  int left;
  double ended = 0;  ///< seconds
};

struct World {
  explicit World(Load what, unsigned seed = 1) : load(what), service(loop, load.rate) {
    for (int i = 0; i < load.clients; ++i)
      clients.push_back(std::make_unique<Client>(
          Client{.governor = Governor(loop,
                                      [engine = std::mt19937(seed + static_cast<unsigned>(i))]() mutable {
                                        return std::uniform_real_distribution<double>(0, 1)(engine);
                                      }),
                 .left = load.resources}));
  }
  Load load;
  test::VirtualLoop loop;
  Service service;
  std::vector<std::unique_ptr<Client>> clients;
};

Task<> ask(World* world, Client* client) {
  for (;;) {
    const auto ticket = co_await client->governor.admit("1/eu");
    co_await sleepFor(world->loop, world->load.roundTrip / 2);
    const bool admitted = world->service.admits();
    co_await sleepFor(world->loop, world->load.roundTrip / 2);
    if (!admitted) {
      client->governor.throttled(ticket);
      continue;
    }
    client->governor.answered(ticket);
    co_return;
  }
}

Task<> deploySome(World* world, Client* client) {
  while (client->left > 0) {
    --client->left;
    co_await ask(world, client);
    if (world->load.latency.count() > 0) {
      co_await sleepFor(world->loop, world->load.latency);
      co_await ask(world, client);
    }
    co_await ask(world, client);
  }
  client->ended = Seconds(world->loop.elapsed()).count();
}

struct Outcome {
  double ratio;      ///< of the time it took to what the service's rate alone would take
  double fairness;   ///< when the last client ended, to when the first did
  double throttled;  ///< requests that were turned away, to those that were not
};

Outcome deploy(const Load& load, unsigned seed) {
  World world(load, seed);
  std::vector<Task<>> tasks;
  for (auto& client : world.clients)
    for (int i = 0; i < load.parallel; ++i) tasks.push_back(deploySome(&world, client.get()));
  runTask(world.loop, all(std::move(tasks)));
  double first = 1e9, last = 0;
  for (const auto& client : world.clients) {
    first = std::min(first, client->ended);
    last = std::max(last, client->ended);
  }
  // Where the service allows much, what holds a deployment up is how many resources it has under way.
  const double each = Seconds(load.latency + 3 * load.roundTrip).count();
  const double requests = world.service.admitted / load.rate;
  const double bound =
      std::max(requests, each * load.resources / load.parallel) + Seconds(load.latency).count();
  return {last / bound, last / first, 1.0 * world.service.throttled / world.service.admitted};
}

class GovernorAtService : public testing::TestWithParam<std::tuple<double, int, int>> {
 protected:
  static constexpr unsigned times = 5;
  static Load load(int clients) {
    return {.rate = std::get<0>(GetParam()),
            .clients = clients,
            .latency = milliseconds(std::get<1>(GetParam())),
            .roundTrip = milliseconds(std::get<2>(GetParam()))};
  }
};

TEST_P(GovernorAtService, TakesHardlyLongerThanTheServiceMust) {
  for (unsigned seed = 1; seed <= times; ++seed) {
    const auto alone = deploy(load(1), seed);
    EXPECT_LT(alone.ratio, 1.15) << "seed " << seed;
    EXPECT_LT(alone.throttled, load(1).rate < 25 ? 0.35 : 0.13) << "seed " << seed;
  }
}

TEST_P(GovernorAtService, SharesFairlyWithAProcessItKnowsNothingOf) {
  double fairness = 0;
  for (unsigned seed = 1; seed <= times; ++seed) {
    const auto both = deploy(load(2), seed);
    EXPECT_LT(both.ratio, 1.15) << "seed " << seed;
    EXPECT_LT(both.fairness, 1.4) << "seed " << seed;
    fairness += both.fairness / times;
  }
  EXPECT_LT(fairness, 1.25);
}

INSTANTIATE_TEST_SUITE_P(, GovernorAtService,
                         testing::Combine(testing::Values(5, 10, 25, 50, 100, 200),
                                          testing::Values(0, 500, 3000), testing::Values(2, 100)),
                         [](const auto& info) {
                           return fmt::format("{}ASecondLatency{}RoundTrip{}", std::get<0>(info.param),
                                              std::get<1>(info.param), std::get<2>(info.param));
                         });

}  // namespace
}  // namespace athanor::aws
