#include "program/typescript/unknowns.h"

#include <charconv>

#include "program/typescript/frames.h"
#include "program/typescript/pass.h"
#include "schema/casing.h"

#include <js/Proxy.h>
#include <js/Symbol.h>

namespace athanor::program {

namespace {

// From the last private-use plane, where nothing else is known to be.
constexpr std::string_view opening = "\U0010F8A0";
constexpr std::string_view closing = "\U0010F8A1";

struct Piece {
  std::string literal;               ///< the text before
  std::optional<std::size_t> index;  ///< the entry that follows it; none at the end
  bool damaged = false;
};

/// The text up to and with the first placeholder; takes that off `text`.
Piece cut(std::string_view& text, std::size_t entries) {
  const auto begin = text.find(opening);
  const auto stray = text.find(closing);
  Piece piece{.literal = std::string(text.substr(0, begin)), .index = {}};
  piece.damaged = stray < begin;
  if (begin == std::string_view::npos) {
    text = {};
    return piece;
  }
  text.remove_prefix(begin + opening.size());
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (error != std::errc() || index >= entries || !text.starts_with(closing)) {
    piece.damaged = true;
    return piece;
  }
  text.remove_prefix(closing.size());
  piece.index = index;
  return piece;
}

bool isIndex(std::string_view key) {
  return !key.empty() && key.size() < 10 &&
         std::ranges::all_of(key, [](char c) { return c >= '0' && c <= '9'; });
}

using schema::Kind;
using schema::Shape;

/// What `shape`, or one of its alternatives, has under that name; null where it has nothing.
const schema::Property* propertyOf(const Shape& shape, std::string_view key) {
  if (shape.kind == Kind::object) return shape.find(key);
  for (const Shape* alternative : shape.alternatives)
    if (alternative)
      if (const auto* found = propertyOf(*alternative, key)) return found;
  return nullptr;
}

}  // namespace

Unknowns::Unknowns(Pass& pass) : pass_(pass), mark_(pass.context()) {
  const JS::RootedString description(pass.context(), toJsString(pass.context(), "athanor.unknown"));
  mark_ = JS::PropertyKey::Symbol(check(JS::NewSymbol(pass.context(), description)));
}

void Unknowns::define(JSContext* cx, JS::HandleObject natives) {
  const JS::RootedValue mark(cx, JS::SymbolValue(mark_.get().toSymbol()));
  program::define(cx, natives, "unknownMark", mark);
  defineNative<nativeMember>(cx, natives, "unknownMember", 2);
  defineNative<nativePrimitive>(cx, natives, "unknownPrimitive", 2);
  defineNative<nativeNeeded>(cx, natives, "needed", 1);
  defineNative<nativeShown>(cx, natives, "unknownShown", 1);
}

std::string Unknowns::shownOf(const Reference& reference) {
  std::string out = reference.id;
  for (Json::json_pointer path(reference.path); !path.empty(); path.pop_back()) {
    const auto& token = path.back();
    out.insert(reference.id.size(), isIndex(token) ? "[" + token + "]" : "." + schema::camelCase(token));
  }
  return out;
}

std::int32_t Unknowns::add(const Reference& reference, const Shape* shape) {
  const auto [found, fresh] = indexes_.try_emplace(reference, static_cast<std::int32_t>(entries_.size()));
  if (fresh) entries_.push_back({reference, shape, shownOf(reference)});
  return found->second;
}

JSObject* Unknowns::make(const Reference& reference, const Shape* shape) {
  JSContext* cx = pass_.context();
  JS::RootedValueArray<2> arguments(cx);
  arguments[0].setInt32(add(reference, shape));
  arguments[1].setBoolean(shape && shape->kind == Kind::list);
  return pass_.callPrelude("unknown", arguments);
}

std::string Unknowns::placeholderOf(std::int32_t index) {
  return std::string(opening) + std::to_string(index) + std::string(closing);
}

std::string Unknowns::placeholder(const Json& text) {
  if (auto reference = asReference(text)) return placeholderOf(add(*reference, nullptr));
  if (text.is_string()) return text.get<std::string>();
  if (!isUnknown(text)) return text.dump();
  std::string out;
  for (const auto& piece : text.begin().value()) out += placeholder(piece);
  return out;
}

std::optional<Json> Unknowns::valueOf(JS::HandleObject object) {
  if (!js::IsProxy(object)) return {};
  JSContext* cx = pass_.context();
  const JS::RootedId mark(cx, mark_);
  JS::RootedValue index(cx);
  check(JS_GetPropertyById(cx, object, mark, &index));
  if (!index.isInt32()) return {};
  return refer(at(index).reference);
}

bool Unknowns::hasPlaceholder(std::string_view text) {
  return text.find(opening) != std::string_view::npos || text.find(closing) != std::string_view::npos;
}

Json Unknowns::decode(const std::string& text) {
  if (entries_.empty() || !hasPlaceholder(text)) return text;
  std::vector<Json> pieces;
  for (std::string_view rest = text; !rest.empty();) {
    auto piece = cut(rest, entries_.size());
    if (piece.damaged) textNeeded(text);
    if (!piece.literal.empty()) pieces.emplace_back(std::move(piece.literal));
    if (piece.index) pieces.push_back(refer(entries_[*piece.index].reference));
  }
  if (pieces.size() == 1 && isUnknown(pieces[0])) {  // the text of a text is the text itself
    const auto& entry = entries_[static_cast<std::size_t>(indexes_.at(*asReference(pieces[0])))];
    if (!entry.shape || entry.shape->kind == Kind::string) return pieces[0];
  }
  return athanor::text(std::move(pieces));
}

std::string Unknowns::show(const std::string& text) const {
  if (entries_.empty() || !hasPlaceholder(text)) return text;
  std::string out;
  for (std::string_view rest = text; !rest.empty();) {
    const auto piece = cut(rest, entries_.size());
    out += piece.literal;
    if (piece.index) out += "<" + entries_[*piece.index].shown + ">";
  }
  return out;
}

void Unknowns::textNeeded(const std::string& text) {
  for (std::string_view rest = text; !rest.empty();)
    if (const auto piece = cut(rest, entries_.size()); piece.index) needed(entries_[*piece.index].shown);
  needed("a text made from values that are not known yet");
}

void Unknowns::needed(const std::string& what) {
  JSContext* cx = pass_.context();
  const JS::RootedObject stack(cx, captureStack(cx));
  pass_.host().needed(what, placeOf(cx, stack));
  pass_.end();
  throw Thrown();
}

const Unknowns::Entry& Unknowns::at(JS::HandleValue index) const {
  return entries_.at(static_cast<std::size_t>(index.toInt32()));
}

bool Unknowns::inherited(JSProtoKey kind, JS::HandleId key) {
  JSContext* cx = pass_.context();
  JS::RootedObject prototype(cx);
  bool found = false;
  check(JS_GetClassPrototype(cx, kind, &prototype));
  check(JS_HasPropertyById(cx, prototype, key, &found));
  return found;
}

/// What reading `key` of the unknown gives: a part of it, also unknown, or undefined where it has none. What
/// needs the value itself (methods, length) ends the pass.
JS::Value Unknowns::member(const Entry& of, JS::HandleValue keyValue) {
  JSContext* cx = pass_.context();
  JS::RootedId key(cx);
  check(JS_ValueToId(cx, keyValue, &key));
  const std::string name = toUtf8(cx, keyValue);
  const Reference reference = of.reference;  // `of` may move when entries are added
  const Shape* shape = of.shape;
  const std::string shown = of.shown;
  const auto part = [&](const std::string& token, const Shape* inner) {
    return JS::ObjectValue(*make({reference.id, reference.path + "/" + escapePointer(token)}, inner));
  };
  const auto valueNeeded = [&](JSProtoKey kind) {
    if (inherited(kind, key)) needed(shown);
  };

  const Kind kind = shape ? shape->kind : Kind::any;
  if (kind == Kind::object || kind == Kind::oneOf)
    if (const auto* property = propertyOf(*shape, name)) return part(property->name, property->shape);
  if (kind == Kind::list && isIndex(name)) return part(name, shape->element);
  switch (kind) {
    case Kind::string:
      if (isIndex(name) || name == "length") needed(shown);
      valueNeeded(JSProto_String);
      return JS::UndefinedValue();
    case Kind::integer:
    case Kind::number:
      valueNeeded(JSProto_Number);
      return JS::UndefinedValue();
    case Kind::boolean:
    case Kind::object:
      valueNeeded(JSProto_Object);
      return JS::UndefinedValue();
    case Kind::list:
      valueNeeded(JSProto_Array);
      return JS::UndefinedValue();
    case Kind::map:
      valueNeeded(JSProto_Object);
      return part(name, shape->element);
    case Kind::any:
    case Kind::oneOf:
      if (name == "length") needed(shown);
      valueNeeded(JSProto_String);
      valueNeeded(JSProto_Array);
      valueNeeded(JSProto_Number);
      return part(name, nullptr);
  }
  return JS::UndefinedValue();
}

void Unknowns::nativeMember(Pass& pass, JSContext* /*cx*/, const JS::CallArgs& args) {
  Unknowns& self = pass.unknowns();
  pass.host().handedOut();
  args.rval().set(self.member(self.at(args.get(0)), args.get(1)));
}

/// Text is kept as a placeholder; a number is needed.
void Unknowns::nativePrimitive(Pass& pass, JSContext* cx, const JS::CallArgs& args) {
  Unknowns& self = pass.unknowns();
  const Entry& entry = self.at(args.get(0));
  const auto hint = toUtf8(cx, args.get(1));
  const bool number =
      entry.shape && (entry.shape->kind == Kind::integer || entry.shape->kind == Kind::number ||
                      entry.shape->kind == Kind::boolean);
  if (hint == "number" || (hint == "default" && number)) self.needed(entry.shown);
  args.rval().setString(toJsString(cx, self.placeholderOf(args.get(0).toInt32())));
}

void Unknowns::nativeNeeded(Pass& pass, JSContext* cx, const JS::CallArgs& args) {
  Unknowns& self = pass.unknowns();
  if (args.get(0).isInt32()) self.needed(self.at(args.get(0)).shown);
  self.textNeeded(toUtf8(cx, args.get(0)));
}

/// "<recording.arn>" for the proxy of an unknown, undefined for all else.
void Unknowns::nativeShown(Pass& pass, JSContext* cx, const JS::CallArgs& args) {
  const JS::RootedValue value(cx, args.get(0));
  args.rval().setUndefined();
  if (!value.isObject()) return;
  const JS::RootedObject object(cx, &value.toObject());
  if (const auto unknown = pass.unknowns().valueOf(object))
    args.rval().setString(toJsString(cx, "<" + shownOf(*asReference(*unknown)) + ">"));
}

}  // namespace athanor::program
