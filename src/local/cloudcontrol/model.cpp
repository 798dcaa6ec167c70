#include "local/cloudcontrol/model.h"

#include <algorithm>

namespace athanor::local::cloudcontrol {

using schema::Kind;
using schema::Property;
using schema::Shape;

namespace {

const Property* exact(const Shape& shape, const std::string& name) {
  const auto* found = shape.kind == Kind::object ? shape.find(name) : nullptr;
  return found && found->name == name ? found : nullptr;
}

/// The shape that fits best of several; itself where it is but one.
const Shape* chosen(const Shape* shape, const Json& value) {
  if (shape->kind != Kind::oneOf || !value.is_object()) return shape;
  const auto knows = [&](const Shape* one) {
    return std::ranges::all_of(value.items(),
                               [&](const auto& member) { return exact(*one, member.key()) != nullptr; });
  };
  const auto found = std::ranges::find_if(shape->alternatives, knows);
  return found == shape->alternatives.end() ? shape : *found;
}

const Shape* element(const Shape& shape) {
  return shape.kind == Kind::list || shape.kind == Kind::map ? shape.element : nullptr;
}

bool marked(const Property& property, Fixed which) {
  return which == Fixed::createOnly ? property.createOnly && !property.readOnly : property.readOnly;
}

class Comparison {
 public:
  explicit Comparison(Fixed which) : which_(which) {}

  void walk(const Shape& any, const Json& before, const Json& after, const std::string& at) {
    if (before == after) return;
    const Shape& shape = *chosen(&any, after.is_object() ? after : before);
    if (shape.kind == Kind::object) return walkObject(shape, before, after, at);
    if (shape.kind == Kind::list && before.is_array() && after.is_array() && before.size() == after.size())
      for (std::size_t i = 0; i < before.size(); ++i) walk(*shape.element, before[i], after[i], at + "/*");
  }

  std::vector<std::string> take() { return std::move(found_); }

 private:
  void walkObject(const Shape& shape, const Json& before, const Json& after, const std::string& at) {
    for (const auto& property : shape.properties) {
      const Json was = member(before, property.name);
      const Json is = member(after, property.name);
      // What the service sets may be left out: it sets it again.
      if (was == is || (which_ == Fixed::readOnly && is.is_null())) continue;
      const auto path = at + "/" + property.name;
      if (marked(property, which_)) {
        if (std::ranges::find(found_, path) == found_.end()) found_.push_back(path);
      } else {
        walk(*property.shape, was, is, path);
      }
    }
  }

  static Json member(const Json& object, const std::string& name) {
    return object.is_object() && object.contains(name) ? object.at(name) : Json();
  }

  Fixed which_;
  std::vector<std::string> found_;
};

template <class Marked>
std::string firstOn(const Shape& root, const std::string& pointer, Marked isMarked) {
  const Shape* shape = &root;
  std::string path;
  for (std::size_t at = 1; shape && at <= pointer.size();) {
    const auto end = std::min(pointer.find('/', at), pointer.size());
    const auto token = pointer.substr(at, end - at);
    at = end + 1;
    if (const auto* inner = element(*shape)) {
      path += shape->kind == Kind::list ? "/*" : "/" + token;
      shape = inner;
      continue;
    }
    const Property* property = exact(*shape, token);
    for (const auto* one : shape->alternatives)
      if (!property) property = exact(*one, token);
    if (!property) return "";
    path += "/" + token;
    if (isMarked(*property)) return path;
    shape = property->shape;
  }
  return "";
}

}  // namespace

void fillDefaults(const Shape& any, Json& model) {
  const Shape& shape = *chosen(&any, model);
  if (const auto* inner = element(shape)) {
    for (auto& one : model) fillDefaults(*inner, one);
    return;
  }
  if (shape.kind != Kind::object || !model.is_object()) return;
  for (const auto& property : shape.properties) {
    const auto found = model.find(property.name);
    if (found != model.end())
      fillDefaults(*property.shape, *found);
    else if (!property.defaultJson.empty() && !property.readOnly && !property.writeOnly &&
             property.support == schema::Support::native)
      model[property.name] = Json::parse(property.defaultJson);
  }
}

Json visibleModel(const Shape& any, const Json& model) {
  const Shape& shape = *chosen(&any, model);
  Json out = model;
  if (const auto* inner = element(shape)) {
    for (auto& one : out) one = visibleModel(*inner, one);
    return out;
  }
  if (shape.kind != Kind::object || !model.is_object()) return out;
  for (const auto& property : shape.properties) {
    const auto found = out.find(property.name);
    if (found == out.end()) continue;
    if (property.writeOnly)
      out.erase(found);
    else if (found->is_structured())
      *found = visibleModel(*property.shape, *found);
  }
  return out;
}

Json failedModel(const Shape& shape, Json model) {
  for (const auto& property : shape.properties) {
    if (!property.readOnly) continue;
    for (const auto* state : {"CREATE_FAILED", "FAILED"})
      if (std::ranges::find(property.shape->allowed, state) != property.shape->allowed.end()) {
        model[property.name] = state;
        break;
      }
  }
  return model;
}

void carry(const Shape& any, const Json& before, Json& after) {
  const Shape& shape = *chosen(&any, after);
  if (shape.kind != Kind::object || !before.is_object() || !after.is_object()) return;
  for (const auto& property : shape.properties) {
    const auto was = before.find(property.name);
    if (was == before.end()) continue;
    const auto is = after.find(property.name);
    if (is == after.end() && (property.writeOnly || property.readOnly))
      after[property.name] = *was;
    else if (is != after.end() && !property.writeOnly)
      carry(*property.shape, *was, *is);
  }
}

std::vector<std::string> changed(const Shape& shape, const Json& before, const Json& after, Fixed which) {
  Comparison comparison(which);
  comparison.walk(shape, before, after, "");
  return comparison.take();
}

std::string writeOnlyOn(const Shape& shape, const std::string& pointer) {
  return firstOn(shape, pointer, [](const Property& one) { return one.writeOnly; });
}

std::string fixedOn(const Shape& shape, const std::string& pointer, Fixed which) {
  return firstOn(shape, pointer, [which](const Property& one) { return marked(one, which); });
}

std::size_t nesting(std::string_view json) {
  std::size_t depth = 0;
  std::size_t most = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (quoted) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      most = std::max(most, ++depth);
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return most;
}

}  // namespace athanor::local::cloudcontrol
