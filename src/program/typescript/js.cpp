#include "program/typescript/js.h"

#include "program/typescript/pass.h"

namespace athanor::program {

std::string toUtf8(JSContext* cx, JS::HandleString text) {
  const JS::UniqueChars chars = JS_EncodeStringToUTF8(cx, text);
  return check(chars.get());
}

std::string toUtf8(JSContext* cx, JS::HandleValue value) {
  const JS::RootedString text(cx, check(JS::ToString(cx, value)));
  return toUtf8(cx, text);
}

std::string toUtf8(JSContext* cx, JS::HandleId key) {
  JS::RootedValue value(cx);
  check(JS_IdToValue(cx, key, &value));
  if (value.isSymbol()) {
    const JS::RootedSymbol symbol(cx, value.toSymbol());
    const JS::RootedString text(cx, JS::GetSymbolDescription(symbol));
    return text ? toUtf8(cx, text) : "";
  }
  return toUtf8(cx, value);
}

JSString* toJsString(JSContext* cx, std::string_view utf8) {
  return check(JS_NewStringCopyUTF8N(cx, JS::UTF8Chars(utf8.data(), utf8.size())));
}

JS::PropertyKey toKey(JSContext* cx, std::string_view utf8) {
  const JS::RootedString text(cx, toJsString(cx, utf8));
  JS::RootedId key(cx);
  check(JS_StringToId(cx, text, &key));
  return key;
}

void define(JSContext* cx, JS::HandleObject object, std::string_view name, JS::HandleValue value,
            unsigned attributes) {
  const JS::RootedId key(cx, toKey(cx, name));
  check(JS_DefinePropertyById(cx, object, key, value, attributes));
}

void define(JSContext* cx, JS::HandleObject object, std::string_view name, std::string_view value,
            unsigned attributes) {
  const JS::RootedValue text(cx, JS::StringValue(toJsString(cx, value)));
  define(cx, object, name, text, attributes);
}

Pass& currentPass(JSContext* cx) { return *static_cast<Pass*>(JS_GetContextPrivate(cx)); }

void raise(JSContext* cx, std::exception_ptr error) noexcept {
  try {
    currentPass(cx).failures().raise(std::move(error));
  } catch (const Thrown&) {  // NOLINT(bugprone-empty-catch): the exception is pending now
  } catch (...) {
    JS_ReportOutOfMemory(cx);
  }
}

}  // namespace athanor::program
