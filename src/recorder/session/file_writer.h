#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace athanor::recorder {

/// Writes files on a thread of its own, so that a slow disk never holds up who receives. What cannot be
/// written (a full disk) is tried again until it can be; meanwhile it counts as backlog.
class FileWriter {
 public:
  struct Settings {
    bool sync = true;  ///< fdatasync a file, and fsync its folder, before it counts as durable
    /// Told when writing begins to fail, and ("") when it works again.
    std::function<void(const std::string& failure)> say;
  };
  /// Bytes of one producer that are not written yet.
  using Backlog = std::shared_ptr<std::atomic<std::size_t>>;

  /// One file being written; dropped without close() it stays as it is.
  struct File;
  using Handle = std::shared_ptr<File>;

  explicit FileWriter(Settings settings);
  /// Writes what is queued, if it can be written.
  ~FileWriter();
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  /// A new file; one that is there is emptied. Its folder must exist.
  Handle open(std::filesystem::path path, Backlog backlog);
  void write(const Handle& file, std::string bytes);
  /// Calls `done` on the writer's thread once all before is with the operating system.
  void mark(const Handle& file, std::function<void()> done);
  /// Calls `done` on the writer's thread once everything before is done.
  void barrier(std::function<void()> done);
  /// Closes the file and calls `done` on the writer's thread once it is durable.
  void close(const Handle& file, std::function<void()> done);

 private:
  struct Work {
    Handle file;
    std::string bytes;
    bool last = false;
    std::function<void()> done;
  };
  void add(Work work);
  void run();
  bool carryOut(Work& work);
  bool failed(const File& file);

  Settings settings_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Work> queue_;
  bool stopping_ = false, failing_ = false;
  std::thread thread_;
};

}  // namespace athanor::recorder
