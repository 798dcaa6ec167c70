#pragma once

#include <gtest/gtest.h>

#include "state/support.h"

namespace athanor::state {

/// A place for one test in which a kind of store keeps its state. What every store must do is in
/// conformance_test.cpp; a store joins with INSTANTIATE_TEST_SUITE_P(…, StoreConformance,
/// Values(makeBackend)).
class Backend {
 public:
  virtual ~Backend() = default;
  /// A store upon that place; several may be open at once, in several processes.
  virtual std::unique_ptr<Store> open(Key key) = 0;
  /// Makes a lock that is held look free to others, as a lost lock file or an expired lease would.
  virtual void breakLock(const Scope& scope) = 0;
  /// Everything that rests there, as bytes.
  virtual std::string raw() = 0;
};

using MakeBackend = std::unique_ptr<Backend> (*)();

class StoreConformance : public testing::TestWithParam<MakeBackend> {
 protected:
  std::unique_ptr<Store> open() { return backend->open(key()); }
  Key key() const { return {keys / "key", ""}; }
  Key noKey() const { return {keys / "no such key", ""}; }

  TemporaryFolder keys;
  std::unique_ptr<Backend> backend = GetParam()();
  const Scope shop{"shop", "dev"};
};

}  // namespace athanor::state
