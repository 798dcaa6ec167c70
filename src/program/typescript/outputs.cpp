#include "base/reference.h"
#include "program/typescript/pass.h"
#include "program/typescript/values.h"
#include "schema/casing.h"

namespace athanor::program {

namespace {

constexpr unsigned hidden = 0;  // neither enumerable nor to be changed by accident

/// Reads the camelCase property that stands for the one in AWS's casing.
void readCamel(Pass& /*pass*/, JSContext* cx, const JS::CallArgs& args) {
  const JS::Value name = js::GetFunctionNativeReserved(&args.callee(), 0);
  const JS::RootedString text(cx, name.toString());
  JS::RootedObject self(cx);
  JS::RootedId key(cx);
  check(JS_ValueToObject(cx, args.thisv(), &self));
  check(JS_StringToId(cx, text, &key));
  if (self) check(JS_GetPropertyById(cx, self, key, args.rval()));
}

/// The shape of an object's value: of a choice, the alternative that knows the most of its properties.
const schema::Shape* objectShape(const schema::Shape* shape, const Json& value) {
  if (!shape || shape->kind != schema::Kind::oneOf) return shape;
  const schema::Shape* best = nullptr;
  std::ptrdiff_t most = -1;
  for (const auto* alternative : shape->alternatives) {
    const auto* candidate = objectShape(alternative, value);
    if (!candidate || candidate->kind != schema::Kind::object) continue;
    std::ptrdiff_t known = 0;
    for (const auto& [key, inner] : value.items()) known += candidate->find(key) != nullptr;
    if (known > most) best = candidate, most = known;
  }
  return best;
}

}  // namespace

/// Getters in AWS's casing live on a prototype, one for all objects of that shape.
JSObject* Values::prototypeOf(const schema::Shape& shape) {
  if (auto found = prototypes_.find(&shape); found != prototypes_.end()) return found->second;
  JSContext* cx = pass_.context();
  const JS::RootedObject prototype(cx, check(JS_NewPlainObject(cx)));
  for (const auto& property : shape.properties) {
    const auto camel = schema::camelCase(property.name);
    if (camel == property.name) continue;
    const JS::RootedId key(cx, toKey(cx, property.name));
    const JS::RootedObject getter(
        cx, JS_GetFunctionObject(check(js::NewFunctionByIdWithReserved(cx, native<readCamel>, 0, 0, key))));
    js::SetFunctionNativeReserved(getter, 0, JS::StringValue(toJsString(cx, camel)));
    check(JS_DefinePropertyById(cx, prototype, key, getter, nullptr, hidden));
  }
  prototypes_.emplace(std::piecewise_construct, std::forward_as_tuple(&shape),
                      std::forward_as_tuple(cx, prototype));
  return prototype;
}

JS::Value Values::fromJson(const Json& value, const schema::Shape* shape) {
  JSContext* cx = pass_.context();
  if (auto reference = asReference(value)) return JS::ObjectValue(*pass_.unknowns().make(*reference, shape));
  if (isUnknown(value)) return JS::StringValue(toJsString(cx, pass_.unknowns().placeholder(value)));
  if (value.is_null()) return JS::NullValue();
  if (value.is_boolean()) return JS::BooleanValue(value.get<bool>());
  if (value.is_number()) return JS::NumberValue(value.get<double>());
  if (value.is_string()) return JS::StringValue(toJsString(cx, value.get_ref<const std::string&>()));

  JS::RootedValue inner(cx);
  if (value.is_array()) {
    const auto* element = shape && shape->kind == schema::Kind::list ? shape->element : nullptr;
    const JS::RootedObject list(cx, check(JS::NewArrayObject(cx, value.size())));
    for (std::size_t i = 0; i < value.size(); ++i) {
      inner = fromJson(value[i], element);
      check(JS_DefineElement(cx, list, static_cast<std::uint32_t>(i), inner, JSPROP_ENUMERATE));
    }
    return JS::ObjectValue(*list);
  }

  const auto* form = objectShape(shape, value);
  const bool known = form && form->kind == schema::Kind::object;
  const JS::RootedObject prototype(cx, known ? prototypeOf(*form) : nullptr);
  const JS::RootedObject object(
      cx, check(known ? JS_NewObjectWithGivenProto(cx, nullptr, prototype) : JS_NewPlainObject(cx)));
  for (const auto& [key, item] : value.items()) {
    const auto* property = known ? form->find(key) : nullptr;
    const auto* itemShape = property                                  ? property->shape
                            : form && form->kind == schema::Kind::map ? form->element
                                                                      : nullptr;
    inner = fromJson(item, itemShape);
    define(cx, object, property ? schema::camelCase(property->name) : key, inner);
  }
  return JS::ObjectValue(*object);
}

/// `$id`, `$type`, and `id` where the type has no such property.
void Values::identify(JS::HandleObject object, const engine::Outputs& outputs, const schema::Type* type) {
  JSContext* cx = pass_.context();
  JS::RootedValue identifier(cx);
  if (!outputs.identifier.empty()) {
    identifier.setString(toJsString(cx, outputs.identifier));
  } else if (type && type->identifier.size() == 1) {
    const auto* property = type->root->find(type->identifier.front());
    identifier = fromJson(refer({outputs.id, "/" + escapePointer(type->identifier.front())}),
                          property ? property->shape : nullptr);
  } else if (type && !type->identifier.empty()) {
    std::vector<Json> parts;
    for (const auto& name : type->identifier) {
      if (!parts.empty()) parts.emplace_back("|");
      parts.push_back(refer({outputs.id, "/" + escapePointer(name)}));
    }
    identifier = fromJson(text(std::move(parts)), nullptr);
  }
  define(cx, object, "$id", identifier, hidden);
  define(cx, object, "$type", outputs.type, hidden);
  if (!type || !type->root->find("id")) define(cx, object, "id", identifier, hidden);
}

JSObject* Values::fromOutputs(const engine::Outputs& outputs, const schema::Type* type) {
  JSContext* cx = pass_.context();
  const auto* root = type ? type->root : nullptr;
  const JS::RootedValue value(cx,
                              fromJson(outputs.values.is_object() ? outputs.values : Json::object(), root));
  const JS::RootedObject object(cx, &value.toObject());
  identify(object, outputs, type);
  const JS::RootedId mark(cx, mark_);
  const JS::RootedValue id(cx, JS::StringValue(toJsString(cx, outputs.id)));
  check(JS_DefinePropertyById(cx, object, mark, id, hidden));
  if (!outputs.open) return object;

  JS::RootedValueArray<2> arguments(cx);
  arguments[0].setObject(*object);
  arguments[1].setInt32(pass_.unknowns().add({outputs.id, ""}, root));
  return pass_.callPrelude("open", arguments);
}

}  // namespace athanor::program
