#include "program/typescript/timers.h"

#include "program/typescript/pass.h"

namespace athanor::program {

void Timers::define(JSContext* cx, JS::HandleObject object) {
  defineNative<set>(cx, object, "setTimer", 3);
  defineNative<clear>(cx, object, "clearTimer", 1);
}

void Timers::set(Pass& pass, JSContext* cx, const JS::CallArgs& args) {
  Timers& timers = pass.timers();
  double milliseconds = 0;
  check(JS::ToNumber(cx, args.get(1), &milliseconds));
  // As HTML and Node have it: what is no number, or too large for 31 bits, is the shortest delay.
  if (!(milliseconds >= 0 && milliseconds <= INT32_MAX)) milliseconds = 0;
  const auto number = ++timers.last_;
  auto timer = std::make_unique<Timer>(cx, &args.get(0).toObject());
  timer->milliseconds = std::max(milliseconds, args.get(2).isTrue() ? 1.0 : 0.0);
  timer->repeat = args.get(2).isTrue();
  timer->due = pass.clock().peek() + timer->milliseconds * 1000;
  timers.schedule(number, *timer);
  timers.timers_.emplace(number, std::move(timer));
  args.rval().setInt32(number);
}

void Timers::clear(Pass& pass, JSContext* /*cx*/, const JS::CallArgs& args) {
  if (args.get(0).isInt32()) pass.timers().timers_.erase(args.get(0).toInt32());
  args.rval().setUndefined();
}

void Timers::schedule(std::int32_t number, const Timer& timer) {
  const auto delay = std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(timer.milliseconds)));
  pass_.loop().after(delay, [weak = pass_.weak_from_this(), number] {
    if (const auto pass = weak.lock()) pass->timers().fire(number);
  });
}

void Timers::fire(std::int32_t number) {
  pass_.turn([this, number] {
    const auto found = timers_.find(number);
    if (found == timers_.end()) return;
    JSContext* cx = pass_.context();
    const JS::RootedValue function(cx, JS::ObjectValue(*found->second->function));
    pass_.clock().reach(found->second->due);
    if (found->second->repeat) {
      found->second->due += found->second->milliseconds * 1000;
      schedule(number, *found->second);
    } else {
      timers_.erase(found);
    }
    JS::RootedValue ignored(cx);
    check(JS::Call(cx, JS::UndefinedHandleValue, function, JS::HandleValueArray::empty(), &ignored));
  });
}

}  // namespace athanor::program
