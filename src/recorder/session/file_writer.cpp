#include "recorder/session/file_writer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

namespace athanor::recorder {

namespace {

constexpr std::chrono::milliseconds patience{500};  // between attempts at what failed

bool syncFolder(const std::filesystem::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool ok = ::fsync(fd) == 0;
  ::close(fd);
  return ok;
}

}  // namespace

struct FileWriter::File {
  std::filesystem::path path;
  Backlog backlog;
  int fd = -1;
  std::size_t done = 0;  ///< of the bytes at hand

  ~File() {
    if (fd >= 0) ::close(fd);
  }
};

FileWriter::FileWriter(Settings settings) : settings_(std::move(settings)), thread_([this] { run(); }) {}

FileWriter::~FileWriter() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

FileWriter::Handle FileWriter::open(std::filesystem::path path, Backlog backlog) {
  auto out = std::make_shared<File>();
  out->path = std::move(path);
  out->backlog = std::move(backlog);
  return out;
}

void FileWriter::write(const Handle& file, std::string bytes) {
  *file->backlog += bytes.size();
  add({file, std::move(bytes), false, {}});
}

void FileWriter::mark(const Handle& file, std::function<void()> done) {
  add({file, {}, false, std::move(done)});
}

void FileWriter::barrier(std::function<void()> done) { add({nullptr, {}, false, std::move(done)}); }

void FileWriter::close(const Handle& file, std::function<void()> done) {
  add({file, {}, true, std::move(done)});
}

void FileWriter::add(Work work) {
  {
    const std::scoped_lock lock(mutex_);
    queue_.push_back(std::move(work));
  }
  changed_.notify_one();
}

void FileWriter::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    auto work = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    const bool ok = carryOut(work);
    if (ok && work.done) work.done();
    lock.lock();
    if (ok) continue;
    queue_.push_front(std::move(work));  // the order within a file is what makes it whole
    if (stopping_) return;
    changed_.wait_for(lock, patience, [this] { return stopping_; });
  }
}

/// False where it failed and is to be tried again.
bool FileWriter::carryOut(Work& work) {
  if (!work.file) return true;
  auto& file = *work.file;
  if (file.fd < 0) {
    file.fd = ::open(file.path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file.fd < 0) return failed(file);
  }
  while (file.done < work.bytes.size()) {
    const auto wrote = ::write(file.fd, work.bytes.data() + file.done, work.bytes.size() - file.done);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return failed(file);
    file.done += static_cast<std::size_t>(wrote);
  }
  if (work.last && settings_.sync && (::fdatasync(file.fd) != 0 || !syncFolder(file.path.parent_path())))
    return failed(file);
  *file.backlog -= std::exchange(file.done, 0);
  if (work.last) ::close(std::exchange(file.fd, -1));
  if (std::exchange(failing_, false) && settings_.say) settings_.say("");
  return true;
}

bool FileWriter::failed(const File& file) {
  const int error = errno;
  if (!std::exchange(failing_, true) && settings_.say)
    settings_.say(fmt::format("cannot write {}: {}", file.path.string(), std::strerror(error)));
  return false;
}

}  // namespace athanor::recorder
