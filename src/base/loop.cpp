#include "base/loop.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

namespace athanor {

namespace asio = boost::asio;

struct SystemLoop::Impl {
  asio::io_context context{1};
};

SystemLoop::SystemLoop() : impl_(std::make_unique<Impl>()) {}
SystemLoop::~SystemLoop() = default;

std::chrono::system_clock::time_point SystemLoop::now() const { return std::chrono::system_clock::now(); }
std::chrono::steady_clock::time_point SystemLoop::tick() const { return std::chrono::steady_clock::now(); }
asio::io_context& SystemLoop::context() { return impl_->context; }

namespace {
/// Asio copies no handler but asks that it be const-callable in places; Work is move-only and mutable.
struct Handler {
  std::shared_ptr<Loop::Work> work;
  void operator()() const { (*work)(); }
};
}  // namespace

void SystemLoop::post(Work work) {
  asio::post(impl_->context, Handler{std::make_shared<Work>(std::move(work))});
}

void SystemLoop::after(std::chrono::milliseconds delay, Work work) {
  auto timer = std::make_shared<asio::steady_timer>(impl_->context, delay);
  timer->async_wait(
      [timer, work = std::make_shared<Work>(std::move(work))](boost::system::error_code) { (*work)(); });
}

bool SystemLoop::runUntil(const std::function<bool()>& done) {
  impl_->context.restart();
  while (!done())
    if (impl_->context.run_one() == 0) return done();
  return true;
}

Task<> sleepFor(Loop& loop, std::chrono::milliseconds delay) {
  Later<> over;
  loop.after(delay, [over]() mutable { over.resolve(); });
  co_await over;
}

}  // namespace athanor
