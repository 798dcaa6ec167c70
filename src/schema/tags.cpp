#include "schema/tags.h"

#include <algorithm>

#include "base/reference.h"

namespace athanor::schema {

namespace {

enum class Form : std::uint8_t { none, list, map, either };

/// Free-form tags are a map to CloudFormation, but some services take a list.
Form formOf(const Type& type) {
  const auto* property = type.tagProperty.empty() ? nullptr : type.root->find(type.tagProperty);
  if (!property || !property->shape || property->createOnly || property->readOnly) return Form::none;
  const auto& shape = *property->shape;
  if (shape.kind == Kind::map) return Form::map;
  if (shape.kind == Kind::any) return Form::either;
  if (shape.kind != Kind::list || !shape.element || shape.element->kind != Kind::object) return Form::none;
  const auto isTag = [](const Property& one) { return one.name == "Key" || one.name == "Value"; };
  const auto& members = shape.element->properties;
  const bool enough =
      std::ranges::all_of(members, [&](const auto& one) { return isTag(one) || !one.required; });
  return enough && std::ranges::count_if(members, isTag) == 2 ? Form::list : Form::none;
}

bool hasKey(const Json& list, const std::string& key) {
  return std::ranges::any_of(list, [&](const Json& item) { return stringAt(item, "Key") == key; });
}

}  // namespace

Json withTags(const Type& type, Json props, const Json& tags) {
  const auto form = formOf(type);
  if (form == Form::none || tags.empty() || !props.is_object()) return props;
  const auto found = props.find(type.tagProperty);
  const bool absent = found == props.end();
  auto own = !absent ? *found : form == Form::list ? Json::array() : Json::object();
  if (isUnknown(own)) return props;
  if (own.is_array() && form != Form::map) {
    for (const auto& [key, value] : tags.items())
      if (!hasKey(own, key)) own.push_back({{"Key", key}, {"Value", value}});
  } else if (own.is_object() && form != Form::list) {
    for (const auto& [key, value] : tags.items())
      if (!own.contains(key)) own[key] = value;
  } else {
    return props;
  }
  props[type.tagProperty] = std::move(own);
  return props;
}

std::map<std::string, Json> tagsOf(const Type& type, const Json& model) {
  std::map<std::string, Json> out;
  const auto tags = type.tagProperty.empty() ? model.end() : model.find(type.tagProperty);
  if (tags == model.end()) return out;
  for (const auto& [key, value] : tags->items()) {
    if (tags->is_object())
      out.emplace(key, value);
    else if (value.is_object())
      out.emplace(stringAt(value, "Key"), value.value("Value", Json()));
  }
  return out;
}

bool tagKeysKnown(const Type& type, const Json& props) {
  if (formOf(type) == Form::none || !props.is_object() || !props.contains(type.tagProperty)) return true;
  const auto& own = props[type.tagProperty];
  if (!own.is_array()) return !isUnknown(own);
  return std::ranges::none_of(own, [](const Json& item) {
    return isUnknown(item) || (item.is_object() && item.contains("Key") && isUnknown(item["Key"]));
  });
}

}  // namespace athanor::schema
