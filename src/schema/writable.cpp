#include "schema/writable.h"

#include <algorithm>

#include "schema/compare.h"
#include "schema/pick.h"

namespace athanor::schema {

namespace {

Json partOf(const Shape& shape, const Json& value);

bool isDefault(const Property& property, const Json& value) {
  if (property.required || property.defaultJson.empty()) return false;
  const auto usual = Json::parse(property.defaultJson, nullptr, false);
  return !usual.is_discarded() && same(*property.shape, usual, value);
}

Json objectOf(const Shape& form, const Json& value) {
  Json out = Json::object();
  for (const auto& [key, inner] : value.items()) {
    const auto* property = form.find(key);
    if (!property || property->readOnly || property->writeOnly || inner.is_null()) continue;
    auto kept = partOf(*property->shape, inner);
    const bool emptied = kept.is_object() && kept.empty() && !inner.empty();
    if (!property->required && (emptied || isDefault(*property, inner))) continue;
    out[key] = std::move(kept);
  }
  return out;
}

Json partOf(const Shape& shape, const Json& value) {
  const auto* form = value.is_structured() ? settled(shape, value) : nullptr;
  if (!form) return value;
  if (form->kind == Kind::object && value.is_object()) return objectOf(*form, value);
  Json out = value;
  if ((form->kind == Kind::list && value.is_array()) || (form->kind == Kind::map && value.is_object()))
    for (auto& item : out) item = partOf(*form->element, item);
  return out;
}

bool isSystemKey(const Json& key) {
  return key.is_string() && key.get_ref<const std::string&>().starts_with("aws:");
}

/// The tags that a user can set; null where there are none.
Json ownTags(const Json& tags) {
  Json out = tags.is_array() ? Json::array() : Json::object();
  for (const auto& [key, value] : tags.items()) {
    if (tags.is_array() && !(value.is_object() && isSystemKey(value.value("Key", Json()))))
      out.push_back(value);
    else if (tags.is_object() && !isSystemKey(key))
      out[key] = value;
  }
  return out.empty() ? Json() : out;
}

}  // namespace

Json writable(const Type& type, const Json& live) {
  auto out = partOf(*type.root, live);
  if (const auto tags = type.tagProperty.empty() ? out.end() : out.find(type.tagProperty);
      tags != out.end() && tags->is_structured()) {
    *tags = ownTags(*tags);
    if (tags->is_null()) out.erase(tags);
  }
  return out;
}

const Property* propertyAt(const Shape& shape, std::string_view pointer) {
  const Shape* at = &shape;
  const Property* property = nullptr;
  while (at && !pointer.empty()) {
    pointer.remove_prefix(1);
    const auto end = std::min(pointer.find('/'), pointer.size());
    const auto token = unescapePointer(pointer.substr(0, end));
    pointer.remove_prefix(end);
    const Shape* next = nullptr;
    for (const auto* form : forms(*at)) {
      if (next) break;
      property = form->kind == Kind::object ? form->find(token) : nullptr;
      next = property ? property->shape : form->element;
    }
    at = next;
  }
  return at ? property : nullptr;
}

}  // namespace athanor::schema
