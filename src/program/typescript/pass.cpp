#include "program/typescript/pass.h"

#include <fmt/format.h>

#include "program/typescript/builtins.h"
#include "program/typescript/embedded.h"
#include "program/typescript/eraser.h"
#include "program/typescript/frames.h"

#include <js/GlobalObject.h>
#include <js/Modules.h>
#include <js/Promise.h>
#include <js/RealmOptions.h>

namespace athanor::program {

/// While it lives, this pass's JavaScript may run: its realm is entered and the watchdog watches.
class Pass::Entry {
 public:
  explicit Entry(Pass& pass)
      : pass_(pass), outer_(JS_GetContextPrivate(pass.context())), realm_(pass.context(), pass.global_) {
    JS_SetContextPrivate(pass_.context(), &pass_);
    pass_.around_.engine.watchdog.watch(pass_.around_.options.uninterrupted);
  }
  ~Entry() {
    pass_.around_.engine.watchdog.unwatch();
    JS_SetContextPrivate(pass_.context(), outer_);
  }
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;

 private:
  Pass& pass_;
  void* outer_;
  JSAutoRealm realm_;
};

namespace {

JSObject* newGlobal(JSContext* cx) {
  static const JSClass globalClass = {.name = "global",
                                      .flags = JSCLASS_GLOBAL_FLAGS,
                                      .cOps = &JS::DefaultGlobalClassOps,
                                      .spec = nullptr,
                                      .ext = nullptr,
                                      .oOps = nullptr};
  JS::RealmOptions options;
  options.creationOptions().setWeakRefsEnabled(JS::WeakRefSpecifier::EnabledWithoutCleanupSome);
  return JS_NewGlobalObject(cx, &globalClass, nullptr, JS::FireOnNewGlobalHook, options);
}

}  // namespace

std::shared_ptr<Pass> Pass::make(const Surroundings& surroundings, engine::Host& host) {
  JSContext* cx = surroundings.engine.context;
  const JS::RootedObject global(cx, newGlobal(cx));
  if (!global) throw Error(ErrorCode::program, "there is no memory left to run the program");
  const JSAutoRealm realm(cx, global);
  return std::make_shared<Pass>(surroundings, host, global);
}

Pass::Pass(const Surroundings& surroundings, engine::Host& host, JS::HandleObject global)
    : around_(surroundings),
      host_(host),
      clock_(host.startTime()),
      global_(context(), global),
      prelude_(context()),
      mainPromise_(context()),
      jobs_(context()),
      sites_(context()),
      failures_(*this, surroundings.sources),
      modules_(*this, surroundings.sources),
      timers_(*this),
      unknowns_(*this),
      values_(*this),
      resources_(*this),
      random_(host.seed()) {}

Pass::~Pass() = default;

Task<> Pass::run(std::shared_ptr<Pass> pass) {
  pass->turn([&] {
    pass->createRealm();
    pass->start();
  });
  co_await Later<>(pass->over_);
  if (pass->error_) throw Error(*pass->error_);
}

void Pass::turn(const std::function<void()>& work) {
  if (ended_) return;
  const auto keep = shared_from_this();
  {
    const Entry entry(*this);
    try {
      try {
        work();
      } catch (const Thrown&) {
        throw;
      } catch (...) {
        failures_.raise(std::current_exception());
      }
    } catch (const Thrown&) {
      uncaught();
    }
    drainJobs();
    lookAtRejections();
    lookAtEnd();
  }
  if (ended_) over_.resolve();
}

void Pass::later(Work work) {
  loop().post([weak = weak_from_this(), work = std::move(work)]() mutable {
    if (const auto pass = weak.lock()) pass->turn([&] { work(*pass); });
  });
}

std::shared_ptr<void> Pass::busy() {
  ++busy_;
  return {nullptr, [weak = weak_from_this()](void*) {
            if (const auto pass = weak.lock()) --pass->busy_;
          }};
}

void Pass::end() { ended_ = true; }
void Pass::end(Error error) {
  if (!ended_) error_.emplace(std::move(error));
  ended_ = true;
}

void Pass::createRealm() {
  JSContext* cx = context();
  check(JS::InitRealmStandardClasses(cx));
  const JS::RootedObject global(cx, global_);
  const JS::RootedObject natives(cx, check(JS_NewPlainObject(cx)));
  defineBuiltins(*this, global, natives);
  JS::RootedValueArray<1> arguments(cx);
  arguments[0].setObject(*natives);
  const JS::RootedValue given(cx, runScript("athanor:prelude", preludeScript(), arguments));
  prelude_ = &given.toObject();
}

void Pass::start() {
  JSContext* cx = context();
  const JS::RootedObject main(cx, modules_.load(file()));
  modules_.link(main);
  auto kept = std::make_unique<JS::PersistentRootedObject>(cx, main);
  whenTargetKnown(modules_.mentionsTarget(), [kept = std::move(kept)](Pass& pass) {
    const JS::RootedObject module(pass.context(), *kept);
    pass.mainPromise_ = pass.modules_.evaluate(module);
    const JS::RootedObject promise(pass.context(), pass.mainPromise_);
    if (promise)
      check(JS::AddPromiseReactionsIgnoringUnhandledRejection(pass.context(), promise, nullptr, nullptr));
  });
}

void Pass::whenTargetKnown(bool needed, Work work) {
  if (!needed || target_)
    return later([work = std::move(work), token = busy()](Pass& pass) mutable {
      token.reset();
      work(pass);
    });
  const bool asked = waitForTarget_.has_value();
  if (!asked) waitForTarget_.emplace();
  waitForTarget_->push_back(std::move(work));
  if (!asked) spawn(askTarget(weak_from_this(), host_.target()));
}

Task<> Pass::askTarget(std::weak_ptr<Pass> weak, Task<Target> question) {
  std::optional<Target> target;
  std::exception_ptr error;
  try {
    target = co_await std::move(question);
  } catch (...) {
    error = std::current_exception();
  }
  const auto pass = weak.lock();
  if (!pass) co_return;
  pass->later([target = std::move(target), error](Pass& live) {
    if (error) live.failures_.raise(error);
    live.target_ = target;
    for (auto& work : std::exchange(*live.waitForTarget_, {})) live.whenTargetKnown(false, std::move(work));
  });
}

bool Pass::enqueue(JS::HandleObject job, JS::HandleObject allocationSite) {
  return jobs_.append(job) && sites_.append(allocationSite);
}

void Pass::drainJobs() {
  JSContext* cx = context();
  JS::RootedObject job(cx);
  JS::RootedObject site(cx);
  JS::RootedValue ignored(cx);
  while (!ended_ && nextJob_ < jobs_.length()) {
    job = jobs_[nextJob_];
    site = sites_[nextJob_++];
    std::optional<JS::AutoSetAsyncStackForNewCalls> async;
    if (site) async.emplace(cx, site, "promise callback");
    const JS::RootedValue function(cx, JS::ObjectValue(*job));
    if (!JS::Call(cx, JS::UndefinedHandleValue, function, JS::HandleValueArray::empty(), &ignored))
      uncaught();
  }
  jobs_.clear();
  sites_.clear();
  nextJob_ = 0;
}

void Pass::uncaught() {
  if (JS_IsExceptionPending(context()))
    end(failures_.takePending());
  else if (!ended_)
    end(Error(ErrorCode::program, "the program was stopped"));
}

void Pass::rejection(JS::HandleObject promise, bool handled) {
  if (handled)
    std::erase_if(rejections_, [&](const auto& one) { return *one == promise; });
  else
    rejections_.push_back(std::make_unique<JS::PersistentRootedObject>(context(), promise));
}

void Pass::lookAtRejections() {
  if (rejections_.empty() || ended_) return;
  JSContext* cx = context();
  const JS::RootedObject promise(cx, *rejections_.front());
  const JS::RootedValue reason(cx, JS::GetPromiseResult(promise));
  const JS::RootedObject site(cx, JS::GetPromiseResolutionSite(promise));
  const auto error = failures_.fromJs(reason, site);
  end(error.hint().empty()
          ? Error(error).next(
                "Nothing awaits or catches this: `await` the promise, or handle it with `.catch()`.")
          : error);
}

void Pass::lookAtEnd() {
  if (ended_) return;
  JSContext* cx = context();
  const JS::RootedObject promise(cx, mainPromise_);
  const auto state = promise ? JS::GetPromiseState(promise) : JS::PromiseState::Pending;
  if (state == JS::PromiseState::Rejected) {
    const JS::RootedValue reason(cx, JS::GetPromiseResult(promise));
    const JS::RootedObject site(cx, JS::GetPromiseResolutionSite(promise));
    return end(failures_.fromJs(reason, site));
  }
  if (busy_ > 0 || !timers_.empty() || (waitForTarget_ && !target_)) return;
  if (state == JS::PromiseState::Pending) return end(stalled());
  if (const int code = exitCode(*this); code != 0)
    return end(Error(ErrorCode::program, fmt::format("the program set process.exitCode to {}", code)));
  end();
}

/// Nothing is left that could settle what the program awaits.
Error Pass::stalled() {
  const auto order = [](const SourcePlace& place) { return std::pair(place.line, place.column); };
  SourcePlace where{file(), 0, 0};
  SourcePlace last;
  std::uint64_t newest = 0;
  const auto topLevel = topLevelAwaits(around_.sources.find(file())->text, file());
  for (const auto& [place, when] : awaits_) {
    if (when == lastAwait_) last = place;
    for (const auto& [begin, end] : topLevel)
      if (place.file == file() && order(begin) <= order(place) && order(place) < order(end) && when > newest)
        where = begin, newest = when;
  }
  auto error = failures_.at(
      where, ErrorCode::program,
      "the program awaits something that never settles: no resource, timer or other work is left");
  auto detail = error.detail();
  if (last.known() && lastAwait_ != newest) detail += "\nthe last await before that: " + toString(last);
  return Error(error).with(detail).next("Look for a promise whose resolve() or reject() is never called.");
}

bool Pass::mayGoOn() {
  if (around_.engine.overMemory) {
    end(Error(failures_.outOfMemory()));
    return false;
  }
  if (!around_.engine.watchdog.barked()) return true;
  JSContext* cx = context();
  const auto limit = std::chrono::duration<double>(options().uninterrupted).count();
  try {
    const JS::RootedObject stack(cx, captureStack(cx));
    end(Error(failures_.at(placeOf(cx, stack), ErrorCode::program,
                           fmt::format("the program ran for {:g} s without a pause: an endless loop?", limit),
                           program::describe(cx, stack))));
  } catch (const Thrown&) {
    JS_ClearPendingException(cx);
    end(Error(ErrorCode::program, fmt::format("the program ran for {:g} s without a pause", limit))
            .at(place()));
  }
  return false;
}

void Pass::awaits(SourcePlace place) { awaits_[std::move(place)] = ++lastAwait_; }

SourcePlace Pass::place() const {
  auto place = currentPlace(context());
  return place.known() && !isOurScript(place.file) ? place : SourcePlace{file(), 0, 0};
}

JS::Value Pass::runScript(const char* name, std::string_view source, const JS::HandleValueArray& arguments) {
  JSContext* cx = context();
  const JS::RootedScript script(cx, check(JS::InstantiateGlobalStencil(cx, JS::InstantiateOptions(),
                                                                       around_.engine.script(name, source))));
  JS::RootedValue function(cx);
  JS::RootedValue result(cx);
  check(JS_ExecuteScript(cx, script, &function));
  check(JS::Call(cx, JS::UndefinedHandleValue, function, arguments, &result));
  return result;
}

JSObject* Pass::callPrelude(const char* name, const JS::HandleValueArray& arguments) {
  const JS::RootedObject prelude(context(), prelude_);
  JS::RootedValue result(context());
  check(JS_CallFunctionName(context(), prelude, name, arguments, &result));
  return &result.toObject();
}

JS::Value Pass::exportsOf(const std::string& name) {
  JSContext* cx = context();
  JS::RootedValueArray<1> arguments(cx);
  arguments[0].setString(toJsString(cx, name));
  return JS::ObjectValue(*callPrelude("module", arguments));
}

}  // namespace athanor::program
