#pragma once

#include <cstdint>
#include <map>
#include <memory>

#include "program/typescript/js.h"

namespace athanor::program {

/// setTimeout and its kin for one pass. A timer that is due runs in a turn of its own.
class Timers {
 public:
  explicit Timers(Pass& pass) : pass_(pass) {}
  /// Puts `setTimer(function, milliseconds, repeat)`, which gives a number, and `clearTimer(number)` on
  /// `object`.
  void define(JSContext* cx, JS::HandleObject object);
  bool empty() const { return timers_.empty(); }

 private:
  struct Timer {
    Timer(JSContext* cx, JSObject* run) : function(cx, run) {}
    JS::PersistentRootedObject function;
    double milliseconds = 0;
    double due = 0;  ///< on the program's clock, in microseconds
    bool repeat = false;
  };
  static void set(Pass& pass, JSContext* cx, const JS::CallArgs& args);
  static void clear(Pass& pass, JSContext* cx, const JS::CallArgs& args);
  void schedule(std::int32_t number, const Timer& timer);
  void fire(std::int32_t number);

  Pass& pass_;
  std::int32_t last_ = 0;
  std::map<std::int32_t, std::unique_ptr<Timer>> timers_;
};

}  // namespace athanor::program
