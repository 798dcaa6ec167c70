#include "local/s3/workers.h"

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <mutex>
#include <optional>

#include "base/loop.h"

namespace athanor::local::s3 {

namespace {

constexpr std::size_t threads = 4;  // they wait for the disk more than they compute

}  // namespace

struct Workers::Impl {
  explicit Impl(Loop& owner) : loop(owner) {}
  Loop& loop;
  std::once_flag begun;
  std::optional<boost::asio::thread_pool> pool;  ///< begun with the first work: most commands have none
};

Workers::Workers(Loop& loop) : impl_(std::make_unique<Impl>(loop)) {}

Workers::~Workers() {
  if (!impl_->pool) return;
  impl_->pool->stop();
  impl_->pool->join();
}

void Workers::run(Work work, Work then) {
  std::call_once(impl_->begun, [this] { impl_->pool.emplace(threads); });
  boost::asio::post(*impl_->pool,
                    [&loop = impl_->loop, work = std::move(work), then = std::move(then)]() mutable {
                      work();
                      if (then) loop.post(std::move(then));
                    });
}

}  // namespace athanor::local::s3
