#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/error.h"
#include "state/seal.h"
#include "state/store.h"
#include "support/temporary_folder.h"

namespace athanor::state {

using test::TemporaryFolder;

/// Another process, forked: `work` talks to the test through a pipe. It is killed with the object.
class Child {
 public:
  /// A child's end: `say` tells the test a number.
  using Say = std::function<void(std::int64_t)>;
  explicit Child(const std::function<void(const Say&)>& work);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  int pid() const { return pid_; }
  /// The next number; none when the child is gone and all it said is read.
  std::optional<std::int64_t> hear();
  /// kill -9, and waits until it is gone.
  void kill();
  /// Waits for its end; true where `work` returned.
  bool succeeded();

 private:
  int pid_ = -1;
  int pipe_ = -1;
};

/// The Error that `work` throws; the test fails where it throws none.
std::optional<Error> errorOf(const std::function<void()>& work);

std::string contentOf(const std::filesystem::path& file);
void write(const std::filesystem::path& file, const std::string& content);

Resource resource(const std::string& id, std::int64_t generation = 1);
Entry entry(const std::string& id, Entry::Operation operation = Entry::Operation::create);
std::vector<std::string> idsOf(const std::vector<Resource>& resources);
void commit(Lock& lock, const std::vector<Write>& writes);

}  // namespace athanor::state

namespace athanor {
inline void PrintTo(const Resource& resource, std::ostream* out) { *out << toJson(resource).dump(); }
}  // namespace athanor
