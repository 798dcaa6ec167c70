#pragma once

#include <functional>
#include <string>

namespace athanor::local {

/// The server's open transaction, which the requests of one turn of the loop share. Used on the loop alone.
class Batch {
 public:
  using End = std::move_only_function<void(const std::string& failure)>;

  virtual ~Batch() = default;
  /// Opens it unless it is open. "" where it may be worked in, else why not.
  virtual std::string enter() = 0;
  /// Nothing of it is to happen: something in it went wrong half way.
  virtual void spoil(const std::string& why) = 0;
  /// `end` is called once it is over: with "" where what was done in it is durable, else with why nothing of
  /// it happened.
  virtual void whenOver(End end) = 0;
};

}  // namespace athanor::local
