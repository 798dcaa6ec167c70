#include "schema/identifier.h"

#include <charconv>

namespace athanor::schema {

namespace {

/// "TopicName" of "arn:${Partition}:sns:${Region}:${Account}:${TopicName}"; "" where the ARN holds another
/// number of parts than that one.
std::string nameInArn(const std::string& arnTemplate) {
  std::string only;
  for (auto open = arnTemplate.find("${"); open != std::string::npos;
       open = arnTemplate.find("${", open + 2)) {
    auto part = arnTemplate.substr(open + 2, arnTemplate.find('}', open) - open - 2);
    if (part == "Partition" || part == "Region" || part == "Account") continue;
    if (!only.empty()) return "";
    only = std::move(part);
  }
  return only;
}

}  // namespace

const Property* uniqueName(const Type& type) {
  const auto name = nameInArn(type.arnTemplate);
  return name.empty() ? nullptr : type.root->find(name);
}

namespace {
/// The value at "A/B" of a model; null where there is none.
const Json* at(const Json& model, std::string_view path) {
  const Json* value = &model;
  while (true) {
    if (!value->is_object()) return nullptr;
    const auto end = std::min(path.find('/'), path.size());
    const auto found = value->find(path.substr(0, end));
    if (found == value->end()) return nullptr;
    value = &*found;
    if (end == path.size()) return value;
    path.remove_prefix(end + 1);
  }
}

const Property* propertyAt(const Shape& root, std::string_view path) {
  const auto end = std::min(path.find('/'), path.size());
  const auto* property = root.find(path.substr(0, end));
  return !property || end == path.size() ? property : propertyAt(*property->shape, path.substr(end + 1));
}

void put(const Type& type, Json& parts, const std::string& path, const std::string& text) {
  Json value = text;
  const auto* property = propertyAt(*type.root, path);
  long long number = 0;
  if (property && property->shape->kind == Kind::integer) {
    const auto* end = text.data() + text.size();
    if (std::from_chars(text.data(), end, number).ptr == end && !text.empty()) value = number;
  }
  parts[Json::json_pointer("/" + path)] = std::move(value);
}

std::optional<std::string> plain(const Json* value) {
  if (!value || value->is_null() || value->is_structured()) return {};
  return value->is_string() ? value->get<std::string>() : value->dump();
}
}  // namespace

std::optional<std::string> identifierOf(const Type& type, const Json& model) {
  if (type.identifier.empty()) return {};
  std::string out;
  for (const auto& path : type.identifier) {
    const auto part = plain(at(model, path));
    if (!part) return {};
    if (!out.empty() || &path != &type.identifier.front()) out += '|';
    out += *part;
  }
  return out;
}

std::optional<Json> identifierParts(const Type& type, const std::string& identifier) {
  if (type.identifier.empty() || identifier.empty()) return {};
  Json parts = Json::object();
  if (identifier.front() == '{') {
    const auto json = Json::parse(identifier, nullptr, false);
    if (!json.is_object()) return {};
    for (const auto& path : type.identifier) {
      const auto flat = json.find(path);
      const auto part = plain(flat != json.end() ? &*flat : at(json, path));
      if (!part) return {};
      put(type, parts, path, *part);
    }
    return parts;
  }
  if (type.identifier.size() == 1) {
    put(type, parts, type.identifier[0], identifier);
    return parts;
  }
  std::size_t begin = 0;
  for (std::size_t i = 0; i < type.identifier.size(); ++i) {
    const bool last = i + 1 == type.identifier.size();
    const auto end = identifier.find('|', begin);
    if (last != (end == std::string::npos)) return {};
    put(type, parts, type.identifier[i], identifier.substr(begin, last ? end : end - begin));
    begin = end + 1;
  }
  return parts;
}

}  // namespace athanor::schema
