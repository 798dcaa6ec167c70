#include "recorder/session/rendering.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/loop.h"

namespace athanor::recorder {

namespace {

constexpr std::array presets{"ultrafast", "superfast", "veryfast"};

}  // namespace

Rendering::Rendering(Settings settings, Loop& loop, Done done)
    : settings_(std::move(settings)), loop_(loop), done_(std::make_shared<Done>(std::move(done))) {}

Rendering::~Rendering() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void Rendering::add(RenderTask task, Renderer::Task work) {
  const std::scoped_lock lock(mutex_);
  jobs_.push_back({std::move(task), std::move(work)});
  if (threads_.size() < static_cast<std::size_t>(settings_.threads) &&
      threads_.size() < jobs_.size() + busy_.size())
    threads_.emplace_back([this] { run(); });
  changed_.notify_one();
}

void Rendering::run() {
  while (auto job = take()) {
    Renderer::Outcome outcome;
    std::string failure;
    try {
      outcome = makeRenderer({.preset = preset(), .threads = 0, .sync = settings_.sync})->render(job->work);
    } catch (const std::exception& error) {
      failure = error.what();
    }
    adapt(*job, outcome.seconds);
    loop_.post([done = std::weak_ptr(done_), job = *job, outcome, failure] {
      if (const auto tell = done.lock()) (*tell)(job.task, job.work, outcome, failure);
    });
  }
}

std::optional<Rendering::Job> Rendering::take() {
  std::unique_lock lock(mutex_);
  while (true) {
    if (stopping_) return {};
    const auto next =
        std::ranges::find_if(jobs_, [&](const Job& job) { return !busy_.contains(job.task.recording); });
    if (next != jobs_.end()) {
      auto out = std::move(*next);
      jobs_.erase(next);
      busy_.insert(out.task.recording);
      return out;
    }
    changed_.wait(lock);
  }
}

/// Frees the recording for its next job, and takes a faster preset where work piles up, a slower one where
/// there is time left.
void Rendering::adapt(const Job& job, double seconds) {
  const std::scoped_lock lock(mutex_);
  const auto length = recorder::seconds(job.task.segment.duration);
  if (jobs_.size() > busy_.size() && speed_ > 0) --speed_;
  if (jobs_.empty() && !job.work.renditions.empty() &&
      seconds * static_cast<double>(busy_.size()) < 0.3 * length &&
      speed_ + 1 < static_cast<int>(presets.size()))
    ++speed_;
  busy_.erase(job.task.recording);
  changed_.notify_one();
}

std::string Rendering::preset() const {
  if (!settings_.preset.empty()) return settings_.preset;
  const std::scoped_lock lock(mutex_);
  return presets.at(static_cast<std::size_t>(speed_));
}

}  // namespace athanor::recorder
