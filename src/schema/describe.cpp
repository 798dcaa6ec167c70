#include "schema/describe.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "schema/casing.h"
#include "schema/pick.h"
#include "schema/words.h"

namespace athanor::schema {

namespace {

std::string userName(const Shape& shape, const Property& property) {
  return camelPath(shape, "/" + escapePointer(property.name));
}

/// The objects that a value of this shape is made of, below lists, maps and choices.
std::vector<const Shape*> objectsIn(const Shape& shape) {
  std::vector<const Shape*> out;
  for (const auto* form : forms(shape)) {
    for (int depth = 0; form && form->element && depth < 8; ++depth) form = form->element;
    if (!form) continue;
    if (form->kind == Kind::object) out.push_back(form);
    if (form->kind == Kind::oneOf)
      for (const auto* inner : forms(*form))
        if (inner->kind == Kind::object) out.push_back(inner);
  }
  return out;
}

std::string taken(const Shape& shape) {
  std::string out = expectation(shape);
  if (!shape.pattern.empty()) out += " matching " + shape.pattern;
  if (shape.kind == Kind::list) {
    if (shape.unordered) out += " in any order";
    if (shape.unique) out += ", each different";
    if (shape.element && shape.element->kind != Kind::any) out += ": each " + taken(*shape.element);
  }
  if (shape.kind == Kind::map) out = "a map: each value " + taken(*shape.element);
  return out;
}

std::vector<std::string> marks(const Property& property) {
  std::vector<std::string> out;
  if (property.required) out.emplace_back("required");
  if (!property.defaultJson.empty()) out.push_back("default " + property.defaultJson);
  if (property.createOnly) out.emplace_back("create-only");
  if (property.readOnly) out.emplace_back("read-only");
  if (property.writeOnly) out.emplace_back("write-only");
  if (property.support == Support::localOnly) out.emplace_back("local only");
  if (property.support == Support::translated) out.emplace_back("translated");
  return out;
}

/// "the arn of an AWS::IAM::Role or …", as a user names the properties.
std::string referents(const Property& property) {
  std::string out;
  for (const auto& one : property.refersTo)
    out += fmt::format("{}{} of {}", out.empty() ? "" : " or ", camelCase(one.property), one.type);
  return out;
}

class Describer {
 public:
  std::string out;

  void object(const Shape& shape, std::size_t depth) {
    shown_.insert(&shape);
    for (const bool readOnly : {false, true})
      for (const auto& property : shape.properties)
        if (property.readOnly == readOnly) show(shape, property, depth);
  }

 private:
  void line(std::size_t depth, const std::string& text) { out += std::string(depth * 2, ' ') + text + "\n"; }

  void show(const Shape& owner, const Property& property, std::size_t depth) {
    auto head = userName(owner, property) + ": " + taken(*property.shape);
    for (const auto& mark : marks(property)) head += "; " + mark;
    const auto objects = objectsIn(*property.shape);
    for (const auto* object : objects)
      if (shown_.contains(object)) head += fmt::format("; {} as above", object->name);
    line(depth, head);
    if (const auto sentence = firstSentence(property.documentation); !sentence.empty())
      line(depth + 2, sentence);
    if (!property.supportNote.empty()) line(depth + 2, "AWS: " + property.supportNote);
    if (!property.refersTo.empty()) line(depth + 2, "May name " + referents(property) + ".");
    for (const auto* inner : objects)
      if (!shown_.contains(inner)) object(*inner, depth + 1);
  }

  std::set<const Shape*> shown_;
};

class JsonDescriber {
 public:
  Json definitions = Json::object();

  Json properties(const Shape& shape) {
    Json out = Json::object();
    for (const auto& property : shape.properties) out[userName(shape, property)] = describe(property);
    return out;
  }

 private:
  Json describe(const Property& property) {
    Json out = describe(*property.shape);
    out["awsName"] = property.name;
    for (const auto& [word, value] : {std::pair{"required", property.required},
                                      {"readOnly", property.readOnly},
                                      {"writeOnly", property.writeOnly},
                                      {"createOnly", property.createOnly}})
      if (value) out[word] = true;
    if (!property.defaultJson.empty()) out["default"] = Json::parse(property.defaultJson, nullptr, false);
    if (property.support != Support::native)
      out["support"] = property.support == Support::localOnly ? "localOnly" : "translated";
    if (!property.supportNote.empty()) out["supportNote"] = property.supportNote;
    for (const auto& one : property.refersTo)
      out["refersTo"].push_back({{"type", one.type}, {"property", one.property}});
    if (!property.documentation.empty()) out["documentation"] = property.documentation;
    return out;
  }

  Json describe(const Shape& shape) {
    if (shape.kind != Kind::object || shape.name.empty()) return form(shape);
    auto& name = names_[&shape];
    if (name.empty()) {
      name = shape.name;
      for (int i = 2; definitions.contains(name); ++i) name = shape.name + std::to_string(i);
      definitions[name] = nullptr;  // taken, before what lies inside is described
      const auto key = name;
      auto described = form(shape);
      definitions[key] = std::move(described);
      return {{"kind", "object"}, {"definition", key}};
    }
    return {{"kind", "object"}, {"definition", name}};
  }

  Json form(const Shape& shape) {
    static constexpr std::array kinds{"string", "integer", "number", "boolean", "object",
                                      "map",    "list",    "any",    "oneOf"};
    Json out = {{"kind", kinds[static_cast<std::size_t>(shape.kind)]}};
    if (shape.kind == Kind::object) out["properties"] = properties(shape);
    if (shape.element) out["element"] = describe(*shape.element);
    for (const auto* alternative : shape.alternatives) out["alternatives"].push_back(describe(*alternative));
    if (shape.unordered) out["unordered"] = true;
    if (shape.unique) out["unique"] = true;
    if (shape.minimum) out["minimum"] = *shape.minimum;
    if (shape.maximum) out["maximum"] = *shape.maximum;
    if (shape.minLength) out["minLength"] = *shape.minLength;
    if (shape.maxLength) out["maxLength"] = *shape.maxLength;
    if (!shape.pattern.empty()) out["pattern"] = shape.pattern;
    if (!shape.allowed.empty()) out["allowed"] = shape.allowed;
    return out;
  }

  std::map<const Shape*, std::string> names_;
};

}  // namespace

std::string describe(const Type& type) {
  Describer describer;
  auto& out = describer.out;
  out = type.name + "\n";
  if (const auto sentence = firstSentence(type.documentation); !sentence.empty()) out += sentence + "\n";
  if (!type.deployable()) out += "It cannot be deployed: " + type.notDeployable + ".\n";
  if (!type.identifier.empty()) {
    std::vector<std::string> parts;
    for (const auto& part : type.identifier) parts.push_back(camelPath(*type.root, "/" + part));
    out += fmt::format("Identifier: {}\n", fmt::join(parts, " | "));
  }
  if (type.deleteFirst) out += "A replacement deletes the old one first.\n";
  out += "\n";
  describer.object(*type.root, 0);
  return std::move(out);
}

Json describeJson(const Type& type) {
  JsonDescriber describer;
  Json out = {{"type", type.name}, {"deployable", type.deployable()}, {"identifier", type.identifier}};
  out["properties"] = describer.properties(*type.root);
  if (!describer.definitions.empty()) out["definitions"] = std::move(describer.definitions);
  if (!type.notDeployable.empty()) out["notDeployable"] = type.notDeployable;
  if (!type.arnTemplate.empty()) out["arnTemplate"] = type.arnTemplate;
  if (!type.tagProperty.empty()) out["tagProperty"] = type.tagProperty;
  if (type.deleteFirst) out["deleteFirst"] = true;
  if (!type.listable) out["notListable"] = true;
  if (!type.listRequires.empty()) out["listRequires"] = type.listRequires;
  if (!type.documentation.empty()) out["documentation"] = type.documentation;
  for (const auto& rule : type.rules) out["rules"].push_back(rule.text);
  return out;
}

}  // namespace athanor::schema
