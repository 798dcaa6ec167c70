#include "program/typescript/builtins.h"

#include <fmt/format.h>

#include <array>
#include <random>

#include "program/typescript/embedded.h"
#include "program/typescript/frames.h"
#include "program/typescript/pass.h"

#include <js/Promise.h>
#include <js/StructuredClone.h>
#include <js/experimental/TypedData.h>

namespace athanor::program {

namespace {

void print(Pass& pass, JSContext* cx, const JS::CallArgs& args) {
  pass.host().print(args.get(0).isTrue(), pass.unknowns().show(toUtf8(cx, args.get(1))));
  args.rval().setUndefined();
}

/// The program made a secret of a value.
void secret(Pass& pass, JSContext* /*cx*/, const JS::CallArgs& args) {
  if (const auto value = pass.values().toJson(args.get(0), "the secret")) pass.host().secret(*value);
  args.rval().setUndefined();
}

void secretShown(Pass& pass, JSContext* cx, const JS::CallArgs& args) {
  pass.values().secretShown();
  args.rval().setString(toJsString(cx, "(secret)"));
}

/// process.exit(code)
void quit(Pass& pass, JSContext* cx, const JS::CallArgs& args) {
  std::int32_t code = 0;
  if (!args.get(0).isUndefined()) check(JS::ToInt32(cx, args.get(0), &code));
  if (code == 0) {
    pass.end();
  } else {
    const JS::RootedObject stack(cx, captureStack(cx));
    pass.end(pass.failures().at(placeOf(cx, stack), ErrorCode::program,
                                fmt::format("the program ended itself with process.exit({})", code),
                                describe(cx, stack)));
  }
  throw Thrown();
}

/// Hears of each object that structured cloning has no form for: a value that is not known yet is needed.
bool cloneOther(JSContext* cx, JSStructuredCloneWriter* /*writer*/, JS::HandleObject object, bool* /*scope*/,
                void* closure) {
  auto& pass = *static_cast<Pass*>(closure);
  try {
    if (const auto unknown = pass.unknowns().valueOf(object))
      pass.unknowns().textNeeded(pass.unknowns().placeholder(*unknown));
    if (const auto id = pass.values().resourceId(object)) pass.unknowns().needed(*id);
  } catch (const Thrown&) {
    return false;
  }
  JS_ReportErrorASCII(cx, "this kind of object cannot be cloned");
  return false;
}

void clone(Pass& pass, JSContext* cx, const JS::CallArgs& args) {
  static const JSStructuredCloneCallbacks callbacks = {.read = nullptr,
                                                       .write = cloneOther,
                                                       .reportError = nullptr,
                                                       .readTransfer = nullptr,
                                                       .writeTransfer = nullptr,
                                                       .freeTransfer = nullptr,
                                                       .canTransfer = nullptr,
                                                       .sabCloned = nullptr};
  check(JS_StructuredClone(cx, args.get(0), args.rval(), &callbacks, &pass));
}

/// Math.random(): 53 random bits.
void random(Pass& pass, JSContext* /*cx*/, const JS::CallArgs& args) {
  args.rval().setDouble(static_cast<double>(pass.randomBits() >> 11) * 0x1p-53);
}

/// Fills an integer typed array with random bytes.
void randomBytes(Pass& pass, JSContext* cx, const JS::CallArgs& args) {
  const JS::RootedObject array(cx, &args.get(0).toObject());
  const JS::AutoCheckCannotGC noCollection;
  bool shared = false;
  auto* bytes = static_cast<std::uint8_t*>(JS_GetArrayBufferViewData(array, &shared, noCollection));
  const auto length = JS_GetArrayBufferViewByteLength(array);
  for (std::size_t i = 0; i < length; ++i) bytes[i] = static_cast<std::uint8_t>(pass.randomBits() >> 56);
  args.rval().setUndefined();
}

/// A script of ours that is loaded when it is first used.
void load(Pass& pass, JSContext* cx, const JS::CallArgs& args) {
  const auto name = toUtf8(cx, args.get(0));
  JS::RootedValueArray<1> arguments(cx);
  arguments[0].set(args.get(1));
  if (name == "inspect") args.rval().set(pass.runScript("athanor:inspect", inspectScript(), arguments));
  if (name == "url") args.rval().set(pass.runScript("athanor:url", urlScript(), arguments));
  if (name == "encoding") args.rval().set(pass.runScript("athanor:encoding", encodingScript(), arguments));
}

/// `{ state, value }` of a promise, for showing it.
void promiseState(Pass& /*pass*/, JSContext* cx, const JS::CallArgs& args) {
  const JS::RootedObject promise(cx, &args.get(0).toObject());
  const auto state = JS::GetPromiseState(promise);
  const JS::RootedObject out(cx, check(JS_NewPlainObject(cx)));
  define(cx, out, "state",
         state == JS::PromiseState::Pending     ? "pending"
         : state == JS::PromiseState::Fulfilled ? "fulfilled"
                                                : "rejected");
  if (state != JS::PromiseState::Pending) {
    const JS::RootedValue value(cx, JS::GetPromiseResult(promise));
    define(cx, out, "value", value);
  }
  args.rval().setObject(*out);
}

/// The getter of Promise.prototype.constructor. Every `await` of a promise reads it (ECMA-262,
/// PromiseResolve), which tells where the program waits.
void promiseConstructor(Pass& pass, JSContext* cx, const JS::CallArgs& args) {
  if (auto place = currentPlace(cx); place.known() && !isOurScript(place.file)) pass.awaits(std::move(place));
  const JS::RootedObject constructor(cx, JS::GetPromiseConstructor(cx));
  args.rval().setObject(*check(constructor.get()));
}

void definePromiseConstructor(JSContext* cx) {
  const JS::RootedObject prototype(cx, check(JS::GetPromisePrototype(cx)));
  const JS::RootedId key(cx, toKey(cx, "constructor"));
  const JS::RootedObject getter(
      cx, JS_GetFunctionObject(check(JS_NewFunction(cx, native<promiseConstructor>, 0, 0, "constructor"))));
  check(JS_DefinePropertyById(cx, prototype, key, getter, nullptr, 0));
}

void defineProcess(Pass& pass, JSContext* cx, JS::HandleObject natives) {
  const JS::RootedObject environment(cx, check(JS_NewPlainObject(cx)));
  for (const auto& [name, value] : pass.options().environment) define(cx, environment, name, value);
  JS::RootedValue held(cx, JS::ObjectValue(*environment));
  define(cx, natives, "environment", held);

  std::vector<std::string> arguments = {"athanor", pass.file()};
  arguments.insert(arguments.end(), pass.options().arguments.begin(), pass.options().arguments.end());
  const JS::RootedObject list(cx, check(JS::NewArrayObject(cx, arguments.size())));
  for (std::uint32_t i = 0; i < arguments.size(); ++i) {
    const JS::RootedString text(cx, toJsString(cx, arguments[i]));
    check(JS_DefineElement(cx, list, i, text, JSPROP_ENUMERATE));
  }
  held.setObject(*list);
  define(cx, natives, "arguments", held);
  const auto& directory = pass.options().directory;
  define(cx, natives, "directory",
         directory.empty() ? std::filesystem::current_path().string() : directory.string());
  define(cx, natives, "stage", pass.options().stage);
  held.setBoolean(pass.host().previewing());
  define(cx, natives, "previewing", held);
}

}  // namespace

void defineBuiltins(Pass& pass, JS::HandleObject global, JS::HandleObject natives) {
  JSContext* cx = pass.context();
  defineNative<print>(cx, natives, "print", 2);
  defineNative<secret>(cx, natives, "secret", 1);
  defineNative<secretShown>(cx, natives, "secretShown", 0);
  defineNative<quit>(cx, natives, "exit", 1);
  defineNative<clone>(cx, natives, "structuredClone", 1);
  defineNative<randomBytes>(cx, natives, "randomBytes", 1);
  defineNative<load>(cx, natives, "load", 2);
  defineNative<promiseState>(cx, natives, "promiseState", 1);
  defineProcess(pass, cx, natives);
  pass.timers().define(cx, natives);
  pass.unknowns().define(cx, natives);
  pass.resources().define(cx, natives);
  JS::RootedValue mark(cx, pass.values().resourceMark());
  define(cx, natives, "resourceMark", mark);
  mark = pass.values().secretMark();
  define(cx, natives, "secretMark", mark);

  JS::RootedValue math(cx);
  check(JS_GetProperty(cx, global, "Math", &math));
  const JS::RootedObject mathObject(cx, &math.toObject());
  defineNative<random>(cx, mathObject, "random", 0);
  definePromiseConstructor(cx);
}

int exitCode(Pass& pass) {
  JSContext* cx = pass.context();
  const JS::RootedObject code(cx, pass.callPrelude("exitCode", JS::HandleValueArray::empty()));
  JS::RootedValue value(cx);
  std::int32_t number = 0;
  check(JS_GetProperty(cx, code, "value", &value));
  if (!value.isUndefined()) check(JS::ToInt32(cx, value, &number));
  return number;
}

}  // namespace athanor::program
