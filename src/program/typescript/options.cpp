#include "program/typescript/options.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "base/reference.h"
#include "program/typescript/pass.h"
#include "schema/casing.h"
#include "schema/names.h"

namespace athanor::program {

namespace {

constexpr std::array<std::string_view, 10> names = {"adopt",   "dependsOn", "emptyOnDelete", "ignoreChanges",
                                                    "profile", "protect",   "region",        "renamedFrom",
                                                    "retain",  "timeout"};

[[noreturn]] void fail(const std::string& path, const std::string& what, const std::string& hint = "") {
  throw Error(ErrorCode::validation, what).in(path).next(hint);
}

std::string found(Pass& pass, JS::HandleValue value) {
  JSContext* cx = pass.context();
  if (value.isObject()) {
    const JS::RootedObject object(cx, &value.toObject());
    if (pass.values().secretValue(object)) return "a secret";
  }
  if (value.isString()) return Json(toUtf8(cx, value)).dump();
  if (value.isObject()) return JS::IsCallable(&value.toObject()) ? "a function" : "an object";
  return value.isSymbol() ? "a symbol" : toUtf8(cx, value);
}

bool flag(Pass& pass, JS::HandleValue value, const std::string& path) {
  if (!value.isBoolean()) fail(path, fmt::format("expected true or false, found {}", found(pass, value)));
  return value.toBoolean();
}

/// Options decide how a resource is deployed: the preview cannot go on without them.
void mustBeKnown(Pass& pass, JS::HandleValue value, const std::string& path) {
  JSContext* cx = pass.context();
  const JS::RootedObject object(cx, value.isObject() ? &value.toObject() : nullptr);
  if (object ? pass.unknowns().valueOf(object).has_value()
             : value.isString() && isUnknown(pass.unknowns().decode(toUtf8(cx, value))))
    pass.unknowns().needed(fmt::format("the option {}", path));
}

std::string word(Pass& pass, JS::HandleValue value, const std::string& path) {
  mustBeKnown(pass, value, path);
  const auto json = pass.values().toJson(value, path);
  if (!json || !json->is_string() || json->get_ref<const std::string&>().empty())
    fail(path, fmt::format("expected a text, found {}", found(pass, value)));
  return json->get<std::string>();
}

std::chrono::seconds duration(Pass& pass, JS::HandleValue value, const std::string& path) {
  constexpr auto wanted = "expected seconds, or a text such as \"90s\", \"10m\" or \"2h\"";
  double amount = 0;
  double unit = 1;
  if (value.isNumber()) {
    amount = value.toNumber();
  } else if (value.isString()) {
    const auto text = toUtf8(pass.context(), value);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), amount);
    const std::string_view rest(end, text.data() + text.size() - end);
    unit = rest == "s" || rest.empty() ? 1 : rest == "m" ? 60 : rest == "h" ? 3600 : rest == "d" ? 86400 : 0;
    if (error != std::errc()) unit = 0;
  } else {
    unit = 0;
  }
  const double seconds = amount * unit;
  if (!(seconds >= 1 && seconds <= 365.0 * 86400))
    fail(path, fmt::format("{}, found {}", wanted, found(pass, value)));
  return std::chrono::seconds(static_cast<std::int64_t>(seconds));
}

/// The ids that one entry of dependsOn names: an id, a resource, or one of a resource's outputs.
void addDependencies(Pass& pass, JS::HandleValue value, const std::string& path,
                     std::vector<std::string>& into) {
  JSContext* cx = pass.context();
  if (value.isObject()) {
    const JS::RootedObject object(cx, &value.toObject());
    if (const auto id = pass.unknowns().valueOf(object)) return into.push_back(asReference(*id)->id);
    if (const auto id = pass.values().resourceId(object)) {
      if (id->empty()) fail(path, "this resource is only read, not managed: nothing can wait for it");
      return into.push_back(*id);
    }
    if (JS::IsPromiseObject(object)) fail(path, "this is a promise", "Write `await` before it.");
  }
  if (!value.isString())
    fail(path, fmt::format("expected an id or a resource, found {}", found(pass, value)));
  const auto json = pass.unknowns().decode(toUtf8(cx, value));
  if (json.is_string()) return into.push_back(json.get<std::string>());
  for (const auto& reference : references(json)) into.push_back(reference.id);
}

/// Calls `take(item, path)` for each item of a list, or for the value itself where it is none.
template <class Take>
void eachItem(JSContext* cx, JS::HandleValue value, const std::string& path, Take take) {
  bool list = false;
  check(JS::IsArrayObject(cx, value, &list));
  if (!list) return take(value, path);
  const JS::RootedObject object(cx, &value.toObject());
  std::uint32_t length = 0;
  check(JS::GetArrayLength(cx, object, &length));
  JS::RootedValue item(cx);
  for (std::uint32_t i = 0; i < length; ++i) {
    check(JS_GetElement(cx, object, i, &item));
    take(item, fmt::format("{}[{}]", path, i));
  }
}

std::vector<std::string> tokensOf(const std::string& path) {
  std::vector<std::string> out;
  if (path.starts_with("/")) {
    const Json::json_pointer parsed(path);
    for (auto pointer = parsed; !pointer.empty(); pointer.pop_back()) out.insert(out.begin(), pointer.back());
    return out;
  }
  std::string token;
  for (const char c : path) {
    if (c == '.' || c == '[' || c == ']') {
      if (!token.empty()) out.push_back(std::exchange(token, ""));
    } else {
      token += c;
    }
  }
  if (!token.empty()) out.push_back(token);
  return out;
}

const schema::Property* propertyOf(const schema::Shape& shape, const std::string& name) {
  if (shape.kind == schema::Kind::object) return shape.find(name);
  for (const auto* alternative : shape.alternatives)
    if (alternative)
      if (const auto* property = propertyOf(*alternative, name)) return property;
  return nullptr;
}

}  // namespace

std::span<const std::string_view> optionNames() { return names; }
bool isOption(std::string_view name) { return std::ranges::find(names, name) != names.end(); }

std::string pointerOf(const schema::Type& type, const std::string& path) {
  std::string pointer;
  const schema::Shape* shape = type.root;
  std::vector<std::string> tokens;
  try {
    tokens = tokensOf(path);
  } catch (const Json::exception&) {
    throw Error(ErrorCode::validation, fmt::format("\"{}\" is no property path", path));
  }
  if (tokens.empty()) throw Error(ErrorCode::validation, "a property path is empty");
  for (const auto& token : tokens) {
    std::string name = token;
    const schema::Shape* inner = nullptr;
    if (shape && (shape->kind == schema::Kind::list || shape->kind == schema::Kind::map)) {
      inner = shape->element;
    } else if (shape && (shape->kind == schema::Kind::object || shape->kind == schema::Kind::oneOf)) {
      if (const auto* property = propertyOf(*shape, token)) {
        name = property->name;
        inner = property->shape;
      } else if (shape->kind == schema::Kind::object) {
        std::vector<std::string_view> known;
        known.reserve(shape->properties.size());
        for (const auto& one : shape->properties) known.emplace_back(one.name);
        const auto near = schema::nearestOf(token, known);
        throw Error(ErrorCode::validation, fmt::format("{} has no property \"{}\"", type.name, token))
            .next(near.empty() ? "" : fmt::format("Did you mean \"{}\"?", schema::camelCase(near)));
      }
    }
    pointer += "/" + escapePointer(name);
    shape = inner;
  }
  return pointer;
}

void readOption(Pass& pass, std::string_view name, JS::HandleValue value, const std::string& path,
                const schema::Type& type, Options& into) {
  JSContext* cx = pass.context();
  if (value.isUndefined()) return;
  if (name != "dependsOn") mustBeKnown(pass, value, path);
  if (name == "adopt") {
    into.identifier = value.isString() ? word(pass, value, path) : "";
    into.adopt = !into.identifier.empty() || flag(pass, value, path);
  }
  if (name == "emptyOnDelete") into.emptyOnDelete = flag(pass, value, path);
  if (name == "renamedFrom") into.renamedFrom = word(pass, value, path);
  if (name == "protect") into.protect = flag(pass, value, path);
  if (name == "retain") into.retain = flag(pass, value, path);
  if (name == "region") into.region = word(pass, value, path);
  if (name == "profile") into.profile = word(pass, value, path);
  if (name == "timeout") into.timeout = duration(pass, value, path);
  if (name == "dependsOn") {
    into.dependsOn.clear();
    eachItem(cx, value, path, [&](JS::HandleValue item, const std::string& at) {
      addDependencies(pass, item, at, into.dependsOn);
    });
  }
  if (name == "ignoreChanges") {
    into.ignoreChanges.clear();
    eachItem(cx, value, path, [&](JS::HandleValue item, const std::string& at) {
      try {
        into.ignoreChanges.push_back(pointerOf(type, word(pass, item, at)));
      } catch (Error& error) {
        if (!error.path().empty()) throw;
        throw std::move(error).in(at);
      }
    });
  }
}

void readOptions(Pass& pass, JS::HandleValue value, const schema::Type& type, Options& into,
                 const Values::Mistake& mistake) {
  JSContext* cx = pass.context();
  if (value.isUndefined()) return;
  if (!value.isObject()) fail("options", fmt::format("expected an object, found {}", found(pass, value)));
  const JS::RootedObject object(cx, &value.toObject());
  JS::RootedValue option(cx);
  for (const auto& name : pass.values().keysOf(object)) {
    try {
      if (!isOption(name)) {
        const auto near = schema::nearestOf(name, names);
        fail(name, fmt::format("there is no option \"{}\"", name),
             near.empty() ? fmt::format("The options are {}.", fmt::join(names, ", "))
                          : fmt::format("Did you mean \"{}\"?", near));
      }
      check(JS_GetProperty(cx, object, name.c_str(), &option));
      readOption(pass, name, option, name, type, into);
    } catch (const Error& error) {
      mistake(error);
    }
  }
}

}  // namespace athanor::program
