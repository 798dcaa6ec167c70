#include "program/typescript/values.h"

#include <fmt/format.h>

#include <cmath>

#include "base/reference.h"
#include "program/typescript/pass.h"

#include <js/BigInt.h>
#include <js/Symbol.h>

namespace athanor::program {

namespace {

constexpr std::size_t deepest = 100;
constexpr double largestSafe = 9007199254740991;
/// The id of the references that stand for secrets while a declaration is read; no resource's id begins so.
constexpr auto secretId = "$athanor.secret";

[[noreturn]] void fail(const std::string& path, const std::string& what, const std::string& hint = "") {
  throw Error(ErrorCode::validation, what).in(path).next(hint);
}

Json number(double value, const std::string& path) {
  if (!std::isfinite(value))
    fail(path, fmt::format("the number is {}", std::isnan(value) ? "NaN" : "infinite"));
  if (value == std::trunc(value) && std::abs(value) <= largestSafe) return static_cast<std::int64_t>(value);
  return value;
}

std::string member(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + "." + key;
}

/// Takes the innermost object off the list of open ones.
struct Close {
  JS::PersistentRootedObjectVector& open;
  ~Close() { open.popBack(); }
};

}  // namespace

Values::Values(Pass& pass)
    : pass_(pass), mark_(pass.context()), secretMark_(pass.context()), open_(pass.context()) {
  const auto symbol = [cx = pass.context()](const char* name) {
    const JS::RootedString description(cx, toJsString(cx, name));
    return JS::PropertyKey::Symbol(check(JS::NewSymbol(cx, description)));
  };
  mark_ = symbol("athanor.resource");
  secretMark_ = symbol("athanor.secret");
}

std::optional<Json> Values::toJson(JS::HandleValue value, const std::string& path) {
  JSContext* cx = pass_.context();
  if (value.isUndefined()) return {};
  if (value.isNull()) return Json(nullptr);
  if (value.isBoolean()) return Json(value.toBoolean());
  if (value.isNumber()) return number(value.toNumber(), path);
  if (value.isString()) return textToJson(value, path);
  if (value.isBigInt()) {
    const double close = JS::BigIntToNumber(value.toBigInt());
    if (std::abs(close) > largestSafe) fail(path, "the bigint is larger than a number can hold exactly");
    return Json(static_cast<std::int64_t>(close));
  }
  if (value.isSymbol()) fail(path, "a symbol cannot be a property's value");
  const JS::RootedObject object(cx, &value.toObject());
  return objectToJson(object, path);
}

Json Values::textToJson(JS::HandleValue value, const std::string& path) {
  const JS::RootedString text(pass_.context(), value.toString());
  const auto utf8 = toUtf8(pass_.context(), text);
  if (secretShown_ && utf8.contains("(secret)"))
    fail(path, "this text was made from a secret, which never becomes text by itself",
         "Write `secret.unencrypted` in the text: Athanor finds the value there and keeps it secret too.");
  return pass_.unknowns().decode(utf8);
}

std::optional<Json> Values::secretValue(JS::HandleObject object) {
  JSContext* cx = pass_.context();
  const JS::RootedId mark(cx, secretMark_);
  JS::RootedValue value(cx);
  check(JS_GetPropertyById(cx, object, mark, &value));
  return value.isUndefined() ? std::nullopt : toJson(value, "");
}

std::vector<std::string> Values::openSecrets(Json& props) const {
  std::vector<std::string> out;
  const auto open = [&](const auto& self, Json& value, const std::string& at) -> void {
    if (const auto reference = asReference(value); reference && reference->id == secretId) {
      value = secrets_.at(std::stoul(reference->path));
      out.push_back(at);
      self(self, value, at);
    } else if (value.is_array()) {
      for (std::size_t i = 0; i < value.size(); ++i) self(self, value[i], at + "/" + std::to_string(i));
    } else if (value.is_object() && !isUnknown(value)) {
      for (auto& [key, inner] : value.items()) self(self, inner, at + "/" + escapePointer(key));
    }
  };
  if (!secrets_.empty()) open(open, props, "");
  return out;
}

/// What stands for a value that cannot be passed on, once that is told; where nobody hears of it, it throws.
Json Values::unread(const Error& mistake) const {
  if (!mistake_) throw Error(mistake);
  (*mistake_)(mistake);
  return refer({"", ""});
}

Json Values::objectToJson(JS::HandleObject object, const std::string& path) {
  JSContext* cx = pass_.context();
  if (auto unknown = pass_.unknowns().valueOf(object)) return *unknown;
  if (auto secret = secretValue(object)) {
    secrets_.push_back(std::move(*secret));
    return refer({secretId, std::to_string(secrets_.size() - 1)});
  }
  refuse(object, path);

  JS::RootedValue toJsonMethod(cx);
  check(JS_GetProperty(cx, object, "toJSON", &toJsonMethod));
  if (toJsonMethod.isObject() && JS::IsCallable(&toJsonMethod.toObject())) {  // Date, URL and the like
    JS::RootedValue converted(cx);
    check(JS::Call(cx, object, toJsonMethod, JS::HandleValueArray::empty(), &converted));
    if (converted.isObject() && &converted.toObject() == object)
      fail(path, "toJSON() gives the object itself");
    if (converted.isNull()) fail(path, "the value is not valid: toJSON() gives null");
    return toJson(converted, path).value_or(nullptr);
  }

  if (std::ranges::find(open_.get(), object.get()) != open_.get().end())
    fail(path, "the value contains itself");
  if (open_.length() >= deepest) fail(path, "the value is nested too deeply");
  check(open_.append(object.get()));
  const Close close{open_};
  bool list = false;
  check(JS::IsArrayObject(cx, object, &list));
  return list ? listToJson(object, path) : membersToJson(object, path, nullptr);
}

/// What has no meaning as a property's value, with what the user probably wanted.
void Values::refuse(JS::HandleObject object, const std::string& path) {
  if (const auto id = resourceId(object))
    fail(path, fmt::format("this is the whole resource \"{}\", not one of its properties", *id),
         "Pass the property that is wanted, such as `.arn`.");
  if (JS::IsPromiseObject(object)) fail(path, "this is a promise", "Write `await` before it.");
  if (JS::IsCallable(object)) fail(path, "a function cannot be a property's value");
  JS::RootedObject unwrapped(pass_.context(), object);
  js::ESClass kind{};
  check(JS::GetBuiltinClass(pass_.context(), unwrapped, &kind));
  switch (kind) {
    case js::ESClass::Map:
      return fail(path, "a Map cannot be a property's value", "Write `Object.fromEntries(map)`.");
    case js::ESClass::Set:
      return fail(path, "a Set cannot be a property's value", "Write `[...set]`.");
    case js::ESClass::RegExp:
      return fail(path, "a regular expression cannot be a property's value", "Write its `.source`.");
    case js::ESClass::ArrayBuffer:
    case js::ESClass::SharedArrayBuffer:
      return fail(path, "bytes cannot be a property's value");
    case js::ESClass::Error:
      return fail(path, "an Error cannot be a property's value", "Write its `.message`.");
    default:
      return;
  }
}

Json Values::listToJson(JS::HandleObject object, const std::string& path) {
  JSContext* cx = pass_.context();
  std::uint32_t length = 0;
  check(JS::GetArrayLength(cx, object, &length));
  Json out = Json::array();
  JS::RootedValue item(cx);
  for (std::uint32_t i = 0; i < length; ++i) {
    const auto place = fmt::format("{}[{}]", path, i);
    check(JS_GetElement(cx, object, i, &item));
    try {
      auto value = toJson(item, place);
      if (!value) fail(place, "the item is undefined");
      out.push_back(std::move(*value));
    } catch (const Error& error) {
      out.push_back(unread(error));
    }
  }
  return out;
}

Json Values::membersToJson(JS::HandleObject object, const std::string& path, const Takes& takes) {
  JSContext* cx = pass_.context();
  JS::Rooted<JS::IdVector> keys(cx, JS::IdVector(cx));
  check(JS_Enumerate(cx, object, &keys));
  Json out = Json::object();
  JS::RootedValue value(cx);
  JS::RootedId key(cx);
  for (std::size_t i = 0; i < keys.length(); ++i) {
    key = keys[i];
    const auto name = toUtf8(cx, key);
    if (Unknowns::hasPlaceholder(name) && isUnknown(pass_.unknowns().decode(name)))
      pass_.unknowns().textNeeded(name);
    if (name.starts_with("$athanor.")) {
      unread(Error(ErrorCode::validation, "names that begin with \"$athanor.\" are Athanor's own")
                 .in(member(path, name)));
      continue;
    }
    check(JS_GetPropertyById(cx, object, key, &value));
    if (takes && takes(name, value)) continue;
    try {
      if (auto json = toJson(value, member(path, name))) out[name] = std::move(*json);
    } catch (const Error& error) {
      out[name] = unread(error);
    }
  }
  return out;
}

Json Values::propsToJson(JS::HandleObject props, const Takes& takes, const Mistake& mistake) {
  refuse(props, "");
  bool list = false;
  check(JS::IsArrayObject(pass_.context(), props, &list));
  if (list) fail("", "the properties must be an object, not a list");
  check(open_.append(props.get()));
  const Close close{open_};
  mistake_ = &mistake;
  struct Deaf {
    const Mistake*& mistake;
    ~Deaf() { mistake = nullptr; }
  } const deaf{mistake_};
  return membersToJson(props, "", takes);
}

std::vector<std::string> Values::keysOf(JS::HandleObject object) {
  JSContext* cx = pass_.context();
  JS::Rooted<JS::IdVector> keys(cx, JS::IdVector(cx));
  check(JS_Enumerate(cx, object, &keys));
  std::vector<std::string> out;
  JS::RootedId key(cx);
  for (std::size_t i = 0; i < keys.length(); ++i) {
    key = keys[i];
    out.push_back(toUtf8(cx, key));
  }
  return out;
}

std::optional<std::string> Values::resourceId(JS::HandleObject object) {
  JSContext* cx = pass_.context();
  const JS::RootedId mark(cx, mark_);
  JS::RootedValue id(cx);
  check(JS_GetPropertyById(cx, object, mark, &id));
  if (!id.isString()) return {};
  return toUtf8(cx, id);
}

JS::Value Values::resourceMark() const { return JS::SymbolValue(mark_.get().toSymbol()); }
JS::Value Values::secretMark() const { return JS::SymbolValue(secretMark_.get().toSymbol()); }

}  // namespace athanor::program
