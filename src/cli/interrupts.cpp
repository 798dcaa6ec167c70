#include "cli/interrupts.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <system_error>
#include <utility>

#include "cli/exit_status.h"

namespace athanor::cli {

Interrupts::Interrupts() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signals_ = ::signalfd(-1, &set, SFD_CLOEXEC);
  end_ = ::eventfd(0, EFD_CLOEXEC);
  if (signals_ < 0 || end_ < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
  thread_ = std::thread([this] { listen(); });
}

Interrupts::~Interrupts() {
  const std::uint64_t one = 1;
  if (::write(end_, &one, sizeof one) == sizeof one) thread_.join();
  if (calling_.joinable()) calling_.join();
  ::close(signals_);
  ::close(end_);
}

void Interrupts::onFirst(std::function<void()> first) {
  std::thread calling;
  {
    const std::scoped_lock held(mutex_);
    first_ = std::move(first);
    calling = std::move(calling_);
  }
  if (calling.joinable()) calling.join();
}

void Interrupts::beforeExit(std::function<void()> tidy) {
  const std::scoped_lock held(mutex_);
  tidy_ = std::move(tidy);
}

void Interrupts::listen() {
  std::array<pollfd, 2> files = {{{signals_, POLLIN, 0}, {end_, POLLIN, 0}}};
  for (;;) {
    if (::poll(files.data(), files.size(), -1) < 0) continue;
    if (files[1].revents != 0) return;
    signalfd_siginfo info{};
    if (::read(signals_, &info, sizeof info) == sizeof info) heard();
  }
}

void Interrupts::heard() {
  const std::scoped_lock held(mutex_);
  if (auto first = std::exchange(first_, nullptr)) {
    calling_ = std::thread(std::move(first));
    return;
  }
  if (tidy_) tidy_();
  ::_exit(exitInterrupted);
}

}  // namespace athanor::cli
