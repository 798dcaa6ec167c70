#pragma once

// SpiderMonkey as this room uses it. Only .cpp files and private headers of this folder include it.

#include <jsapi.h>
#include <jsfriendapi.h>

#include <js/Array.h>
#include <js/CompilationAndEvaluation.h>
#include <js/Conversions.h>
#include <js/Exception.h>
#include <js/GCVector.h>
#include <js/PropertyAndElement.h>
#include <js/RootingAPI.h>

#include <exception>
#include <string>
#include <string_view>

namespace athanor::program {

class Pass;

/// Thrown on our side of the engine's calls: an exception is pending in JavaScript, or none is and the pass
/// is being ended, which no `catch` or `finally` of the program may hold up.
struct Thrown {};
inline void check(bool ok) {
  if (!ok) throw Thrown();
}
template <class T>
T* check(T* pointer) {
  if (!pointer) throw Thrown();
  return pointer;
}

std::string toUtf8(JSContext* cx, JS::HandleString text);
/// As `String(value)`.
std::string toUtf8(JSContext* cx, JS::HandleValue value);
/// A property key as text; a symbol by its description.
std::string toUtf8(JSContext* cx, JS::HandleId key);
JSString* toJsString(JSContext* cx, std::string_view utf8);
JS::PropertyKey toKey(JSContext* cx, std::string_view utf8);

void define(JSContext* cx, JS::HandleObject object, std::string_view name, JS::HandleValue value,
            unsigned attributes = JSPROP_ENUMERATE);
void define(JSContext* cx, JS::HandleObject object, std::string_view name, std::string_view value,
            unsigned attributes = JSPROP_ENUMERATE);

/// The pass whose JavaScript runs.
Pass& currentPass(JSContext* cx);
/// Makes a C++ exception one of JavaScript.
void raise(JSContext* cx, std::exception_ptr error) noexcept;

/// A C++ function as JavaScript calls it. What it throws becomes a JavaScript exception. It must set its
/// result
/// (`args.rval()`), which otherwise is the function itself.
template <void (*body)(Pass&, JSContext*, const JS::CallArgs&)>
bool native(JSContext* cx, unsigned count, JS::Value* values) {
  const JS::CallArgs args = JS::CallArgsFromVp(count, values);
  try {
    body(currentPass(cx), cx, args);
    return true;
  } catch (const Thrown&) {  // NOLINT(bugprone-empty-catch): the exception is pending in JavaScript
  } catch (...) {
    raise(cx, std::current_exception());
  }
  return false;
}

template <void (*body)(Pass&, JSContext*, const JS::CallArgs&)>
void defineNative(JSContext* cx, JS::HandleObject object, const char* name, unsigned arguments = 1) {
  check(JS_DefineFunction(cx, object, name, native<body>, arguments, 0));
}

}  // namespace athanor::program
