#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "recorder/renderer.h"
#include "recorder/session/rows.h"

namespace athanor {
class Loop;
}

namespace athanor::recorder {

/// Works through render tasks on threads of its own: each recording's in order, several recordings' at once.
class Rendering {
 public:
  struct Settings {
    int threads = 1;
    std::string preset;  ///< x264's; "": as fast a one as this machine needs
    bool sync = true;
  };
  /// Called on the loop. `failure`: "" or why it could not be done, now or ever.
  using Done = std::function<void(const RenderTask&, const Renderer::Task&, const Renderer::Outcome&,
                                  const std::string& failure)>;

  Rendering(Settings settings, Loop& loop, Done done);
  ~Rendering();
  Rendering(const Rendering&) = delete;
  Rendering& operator=(const Rendering&) = delete;

  void add(RenderTask task, Renderer::Task work);

 private:
  struct Job {
    RenderTask task;
    Renderer::Task work;
  };
  void run();
  std::optional<Job> take();
  void adapt(const Job& job, double seconds);
  std::string preset() const;

  Settings settings_;
  Loop& loop_;
  std::shared_ptr<Done> done_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  std::set<std::string> busy_;  ///< recordings with a job under way
  int speed_ = 1;               ///< of the presets, fastest first
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace athanor::recorder
