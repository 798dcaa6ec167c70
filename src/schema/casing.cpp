#include "schema/casing.h"

#include "base/reference.h"
#include "schema/names.h"
#include "schema/pick.h"

namespace athanor::schema {

namespace {
bool isUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool isLower(char c) { return c >= 'a' && c <= 'z'; }
bool isDigit(char c) { return c >= '0' && c <= '9'; }

/// A property's name as a user writes it, where it leads back to that property alone; else AWS's own.
std::string userName(const Shape& shape, const Property& property) {
  auto name = camelCase(property.name);
  return shape.find(name) == &property ? name : property.name;
}

using Rename = std::string (*)(const Shape&, const Property&);

Json renamed(const Shape& shape, const Json& value, Rename name) {
  if (isUnknown(value)) return value;
  if (shape.kind == Kind::oneOf) {
    const auto* chosen = pick(shape, value);
    return chosen ? renamed(*chosen, value, name) : value;
  }
  if (value.is_array() && shape.kind == Kind::list) {
    Json out = Json::array();
    for (const auto& item : value) out.push_back(renamed(*shape.element, item, name));
    return out;
  }
  if (!value.is_object()) return value;
  Json out = Json::object();
  if (shape.kind == Kind::map) {
    for (const auto& [key, inner] : value.items()) out[key] = renamed(*shape.element, inner, name);
    return out;
  }
  if (shape.kind != Kind::object) return value;
  for (const auto& [key, inner] : value.items()) {
    const auto* property = shape.find(key);
    if (!property) {
      out[key] = inner;
      continue;
    }
    auto fresh = name(shape, *property);
    const bool twice = fresh != key && (value.contains(fresh) || out.contains(fresh));
    out[twice ? key : std::move(fresh)] = renamed(*property->shape, inner, name);
  }
  return out;
}
}  // namespace

std::string camelCase(std::string_view name) {
  std::string out(name);
  if (name.empty() || !isUpper(name[0])) return out;
  std::size_t run = 0;
  while (run < name.size() && (isUpper(name[run]) || isDigit(name[run]))) ++run;
  const auto rest = name.substr(run);
  const bool plural = rest.starts_with('s') && (rest.size() == 1 || !isLower(rest[1]));  // ARNs
  const bool version = rest.size() > 1 && rest[0] == 'v' && isDigit(rest[1]);            // IPv6
  const bool wordBegins = run > 1 && !rest.empty() && isLower(rest[0]) && isUpper(name[run - 1]);
  const auto end = wordBegins && !plural && !version ? run - 1 : run;
  for (std::size_t i = 0; i < end; ++i)
    if (isUpper(out[i])) out[i] = static_cast<char>(out[i] - 'A' + 'a');
  return out;
}

Json settle(const Shape& shape, const Json& props) {
  return renamed(shape, props, [](const Shape&, const Property& property) { return property.name; });
}

Json camel(const Shape& shape, const Json& model) { return renamed(shape, model, userName); }

std::string camelPath(const Shape& shape, std::string_view pointer) {
  std::string out;
  const Shape* at = &shape;
  while (!pointer.empty() && pointer.front() == '/') {
    pointer.remove_prefix(1);
    const auto end = std::min(pointer.find('/'), pointer.size());
    const auto raw = pointer.substr(0, end);
    pointer.remove_prefix(end);
    const auto token = unescapePointer(raw);
    const Property* property = nullptr;
    const Shape* owner = nullptr;
    for (const Shape* form : at ? forms(*at) : std::vector<const Shape*>{})
      if (!property && form->kind == Kind::object && (property = form->find(token))) owner = form;
    if (property) {
      out += (out.empty() ? "" : ".") + userName(*owner, *property);
      at = property->shape;
      continue;
    }
    const Shape* collection = nullptr;
    for (const Shape* form : at ? forms(*at) : std::vector<const Shape*>{})
      if (!collection && form->element) collection = form;
    const bool index = !token.empty() && token.find_first_not_of("0123456789") == std::string::npos &&
                       (!collection || collection->kind == Kind::list);
    out += index ? "[" + token + "]" : (out.empty() ? "" : ".") + token;
    at = collection ? collection->element : nullptr;
  }
  return out;
}

}  // namespace athanor::schema
