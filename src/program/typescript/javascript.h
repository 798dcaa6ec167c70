#pragma once

#include <cstddef>
#include <memory>

namespace athanor::program {

/// The JavaScript engine: one for a process, made and used on one thread. It must outlive the programs that
/// use it. SpiderMonkey starts once for a process, so a second one can follow only while no first was
/// destroyed.
class JavaScript {
 public:
  /// `heapBytes` is the most by which a program may make the process grow.
  explicit JavaScript(std::size_t heapBytes = std::size_t{1} << 30);
  ~JavaScript();
  JavaScript(const JavaScript&) = delete;
  JavaScript& operator=(const JavaScript&) = delete;

  struct Impl;
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace athanor::program
