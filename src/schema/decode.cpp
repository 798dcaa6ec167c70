#include "schema/decode.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "schema/document.h"
#include "schema/pattern.h"

namespace athanor::schema {

namespace {

constexpr int deepest = 64;

const Json* member(const Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

bool flag(const Json& node, const char* key) {
  const auto* value = member(node, key);
  return value && value->is_boolean() && value->get<bool>();
}

std::optional<double> number(const Json& node, const char* key) {
  const auto* value = member(node, key);
  if (!value || !value->is_number()) return {};
  return value->get<double>();
}

std::optional<std::uint64_t> count(const Json& node, const char* key) {
  const auto value = number(node, key);
  if (!value || *value < 0 || *value > 1e15) return {};
  return static_cast<std::uint64_t>(*value);
}

/// A list of strings; empty where there is none.
std::vector<std::string> texts(const Json& node, const char* key) {
  std::vector<std::string> out;
  if (const auto* list = member(node, key); list && list->is_array())
    for (const auto& text : *list)
      if (text.is_string()) out.push_back(text);
  return out;
}

std::string plain(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

/// Whether `node` says more than which other properties must be present together.
bool saysForm(const Json& node) {
  static constexpr std::array words{"$ref",
                                    "type",
                                    "properties",
                                    "items",
                                    "enum",
                                    "const",
                                    "oneOf",
                                    "anyOf",
                                    "allOf",
                                    "patternProperties",
                                    "additionalProperties"};
  return std::ranges::any_of(words, [&](const char* word) { return member(node, word) != nullptr; });
}

/// Adds what a node's `relationshipRef` names, its own or one of its alternatives' or items'.
void addReferents(const Json& schema, const Json& given, std::vector<Referent>& out, int depth = 0) {
  if (depth > 4) return;
  const auto& node =
      given.contains("$ref") && !given.contains("relationshipRef") ? resolved(schema, given) : given;
  if (const auto* reference = member(node, "relationshipRef")) {
    const auto path = stringAt(*reference, "propertyPath");
    out.push_back({stringAt(*reference, "typeName"), path.substr(path.rfind('/') + 1)});
  }
  for (const char* word : {"anyOf", "oneOf", "allOf"})
    if (const auto* parts = member(node, word); parts && parts->is_array())
      for (const auto& part : *parts)
        if (part.is_object()) addReferents(schema, part, out, depth + 1);
  if (const auto* items = member(node, "items"); items && items->is_object())
    addReferents(schema, *items, out, depth + 1);
}

class Decoder {
 public:
  Decoder(const Json& schema, const Json& documentation, Decoded& out)
      : schema_(schema), documentation_(documentation), out_(out) {}

  void run() {
    auto& type = out_.type;
    type.name = stringAt(schema_, "typeName");
    type.arnTemplate = stringAt(schema_, "arnTemplate");
    type.tagProperty = stringAt(schema_, "tagProperty");
    type.notDeployable = stringAt(schema_, "notDeployable");
    type.documentation = stringAt(documentation_, "description", stringAt(schema_, "description"));
    type.deleteFirst = stringAt(schema_, "replacementStrategy") == "delete_then_create";
    type.listable = !flag(schema_, "notListable");
    type.identifier = texts(schema_, "primaryIdentifier");
    type.listRequires = texts(schema_, "listRequires");
    if (const auto* rules = member(schema_, "rules"); rules && rules->is_array())
      for (const auto& rule : *rules)
        type.rules.push_back({stringAt(rule, "when"), stringAt(rule, "equals"), stringAt(rule, "needs"),
                              stringAt(rule, "excludes"), stringAt(rule, "text")});
    Shape& root = add(Kind::object);
    object(root, schema_, documentation_, 0);
    type.root = &root;
  }

 private:
  Shape& add(Kind kind) {
    auto& shape = out_.shapes.emplace_back();
    shape.kind = kind;
    return shape;
  }

  const Shape* plainShape(Kind kind) {
    auto& slot = plain_[static_cast<std::size_t>(kind)];
    if (!slot) slot = &add(kind);
    return slot;
  }

  /// `docs` stands beside `node` where the documentation names its place.
  const Shape* shapeOf(const Json& node, const Json& docs, int depth) {
    if (depth > deepest || !node.is_object()) return plainShape(Kind::any);
    if (const auto* reference = member(node, "$ref"); reference && reference->is_string()) {
      const auto& place = reference->get_ref<const std::string&>();
      if (auto known = defined_.find(place); known != defined_.end()) return known->second;
      const auto name = place.substr(place.rfind('/') + 1);
      const auto& target = resolved(schema_, node);
      const auto kind = kindOf(target);
      if (isPlain(target, kind)) return defined_[place] = plainShape(kind);
      Shape& shape = add(kind);
      shape.name = name;
      defined_[place] = &shape;
      fill(shape, target, docsOf(name), depth + 1);
      return &shape;
    }
    const auto kind = kindOf(node);
    if (isPlain(node, kind)) return plainShape(kind);
    Shape& shape = add(kind);
    shape.name = stringAt(node, "title");
    fill(shape, node, docs, depth + 1);
    return &shape;
  }

  const Json& docsOf(const std::string& definition) const {
    static const Json none;
    const auto* all = member(documentation_, "definitions");
    const auto* found = all ? member(*all, definition.c_str()) : nullptr;
    return found ? *found : none;
  }

  /// True where the kind alone says it all.
  static bool isPlain(const Json& node, Kind kind) {
    if (kind == Kind::any) return true;
    if (kind == Kind::object || kind == Kind::map || kind == Kind::list || kind == Kind::oneOf) return false;
    static constexpr std::array words{
        "enum",      "const",     "pattern",          "minimum",         "maximum",
        "minLength", "maxLength", "exclusiveMinimum", "exclusiveMaximum"};
    return std::ranges::none_of(words, [&](const char* word) { return member(node, word) != nullptr; });
  }

  /// The choices of a node that is one of several forms; null where it is not.
  static const Json* choices(const Json& node) {
    for (const char* word : {"oneOf", "anyOf"})
      if (const auto* found = member(node, word);
          found && found->is_array() && !found->empty() && std::ranges::all_of(*found, saysForm))
        return found;
    return nullptr;
  }

  static Kind named(const std::string& name) {
    if (name == "string") return Kind::string;
    if (name == "integer") return Kind::integer;
    if (name == "number") return Kind::number;
    if (name == "boolean") return Kind::boolean;
    if (name == "array") return Kind::list;
    return Kind::object;
  }

  static Kind kindOf(const Json& node) {
    const auto* type = member(node, "type");
    const auto* properties = member(node, "properties");
    const auto* more = member(node, "additionalProperties");
    const auto* patterns = member(node, "patternProperties");
    if (properties && properties->is_object() && !properties->empty()) {
      const bool open = (more && (more->is_object() || *more == true)) || (patterns && !patterns->empty());
      return open ? Kind::any : Kind::object;
    }
    if (choices(node)) return Kind::oneOf;
    if (type && type->is_array()) {
      std::vector<std::string> names;
      for (const auto& name : *type)
        if (name.is_string() && name != "null") names.push_back(name);
      if (names.size() == 1)
        return named(names[0]) == Kind::object ? openKind(more, patterns) : named(names[0]);
      return std::ranges::find(names, "object") != names.end() || names.empty() ? Kind::any : Kind::oneOf;
    }
    if (type && type->is_string() && *type != "object") return named(*type);
    if (more || patterns) return openKind(more, patterns);
    if (member(node, "allOf") || (properties && type)) return Kind::object;
    if (member(node, "items")) return Kind::list;
    if (member(node, "enum") || member(node, "const") || member(node, "pattern")) return Kind::string;
    return Kind::any;
  }

  static Kind openKind(const Json* more, const Json* patterns) {
    if (patterns && patterns->is_object() && patterns->size() == 1) return Kind::map;
    if (more && more->is_object()) return Kind::map;
    return Kind::any;
  }

  void fill(Shape& shape, const Json& node, const Json& docs, int depth) {
    switch (shape.kind) {
      case Kind::object:
        object(shape, node, docs, depth);
        break;
      case Kind::list:
        list(shape, node, docs, depth);
        break;
      case Kind::map: {
        const auto* patterns = member(node, "patternProperties");
        const bool single = patterns && patterns->is_object() && patterns->size() == 1;
        shape.element = shapeOf(single ? patterns->begin().value() : node["additionalProperties"], {}, depth);
        break;
      }
      case Kind::oneOf:
        oneOf(shape, node, depth);
        break;
      default:
        scalar(shape, node);
    }
  }

  void list(Shape& shape, const Json& node, const Json& docs, int depth) {
    const auto* items = member(node, "items");
    shape.element = items ? shapeOf(*items, docs, depth) : plainShape(Kind::any);
    const auto* ordered = member(node, "insertionOrder");
    shape.unordered = ordered && *ordered == false;
    shape.unique = flag(node, "uniqueItems");
    shape.minLength = count(node, "minItems");
    shape.maxLength = count(node, "maxItems");
  }

  void oneOf(Shape& shape, const Json& node, int depth) {
    if (const auto* all = choices(node)) {
      for (const auto& choice : *all) shape.alternatives.push_back(shapeOf(choice, {}, depth));
      return;
    }
    for (const auto& name : node["type"]) {
      if (name == "null") continue;
      Json single = node;
      single["type"] = name;
      shape.alternatives.push_back(shapeOf(single, {}, depth));
    }
  }

  static void scalar(Shape& shape, const Json& node) {
    shape.pattern = stringAt(node, "pattern");
    if (!shape.pattern.empty()) shape.matcher = std::make_shared<const Pattern>(shape.pattern);
    shape.minLength = count(node, "minLength");
    shape.maxLength = count(node, "maxLength");
    shape.minimum = number(node, "minimum");
    shape.maximum = number(node, "maximum");
    const double step = shape.kind == Kind::integer ? 1 : 0;
    if (const auto above = number(node, "exclusiveMinimum"))
      shape.minimum = step > 0 ? *above + 1 : std::nextafter(*above, HUGE_VAL);
    if (const auto below = number(node, "exclusiveMaximum"))
      shape.maximum = step > 0 ? *below - 1 : std::nextafter(*below, -HUGE_VAL);
    if (const auto* values = member(node, "enum"); values && values->is_array())
      for (const auto& value : *values)
        if (!value.is_null()) shape.allowed.push_back(plain(value));
    if (const auto* value = member(node, "const")) shape.allowed = {plain(*value)};
  }

  void object(Shape& shape, const Json& node, const Json& docs, int depth) {
    collect(shape, node, docs, true, depth);
    std::ranges::sort(shape.properties, {}, &Property::name);
  }

  /// Adds the properties of `node`, and of the forms that it combines; those of a choice are not required.
  void collect(Shape& shape, const Json& node, const Json& docs, bool certain, int depth) {
    if (depth > deepest) return;
    if (const auto* properties = member(node, "properties"); properties && properties->is_object())
      for (const auto& [name, inner] : properties->items()) property(shape, name, inner, docs, depth);
    if (const auto* names = member(node, "required"); certain && names && names->is_array())
      for (const auto& name : *names)
        for (auto& property : shape.properties)
          if (name == property.name) property.required = true;
    for (const char* word : {"allOf", "oneOf", "anyOf"})
      if (const auto* parts = member(node, word); parts && parts->is_array())
        for (const auto& part : *parts) {
          const auto& target = resolved(schema_, part);
          collect(shape, target, docs, certain && std::string_view(word) == "allOf", depth + 1);
        }
  }

  void property(Shape& shape, const std::string& name, const Json& node, const Json& docs, int depth) {
    const bool known = std::ranges::any_of(shape.properties, [&](const auto& p) { return p.name == name; });
    if (known || !node.is_object()) return;
    const auto* beside = member(docs, "properties");
    const auto* own = beside ? member(*beside, name.c_str()) : nullptr;
    if (!own && !shape.name.empty())  // the form is a definition's own copy
      if (const auto* inDefinition = member(docsOf(shape.name), "properties"))
        own = member(*inDefinition, name.c_str());
    Property property{.name = name, .shape = nullptr, .defaultJson = {}, .documentation = {}};
    property.readOnly = flag(node, "readOnly");
    property.writeOnly = flag(node, "writeOnly");
    property.createOnly = flag(node, "createOnly");
    const auto support = stringAt(node, "support");
    if (support == "translated") property.support = Support::translated;
    if (support == "localOnly") property.support = Support::localOnly;
    property.supportNote = stringAt(node, "supportNote");
    const auto* value = member(node, "default");
    if (!value && node.contains("$ref")) value = member(resolved(schema_, node), "default");
    if (value && !value->is_null()) property.defaultJson = value->dump();
    property.documentation = stringAt(node, "description", own ? stringAt(*own, "description") : "");
    property.shape = shapeOf(node, own ? *own : none_, depth);
    addReferents(schema_, node, property.refersTo);
    shape.properties.push_back(std::move(property));
  }

  const Json& schema_;
  const Json& documentation_;
  const Json none_;
  Decoded& out_;
  std::map<std::string, const Shape*, std::less<>> defined_;
  std::array<const Shape*, 9> plain_{};
};

}  // namespace

void decode(const Json& schema, const Json& documentation, Decoded& out) {
  Decoder(schema, documentation, out).run();
}

}  // namespace athanor::schema
