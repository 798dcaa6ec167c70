#include "schema/validate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "base/reference.h"
#include "schema/casing.h"
#include "schema/characters.h"
#include "schema/compare.h"
#include "schema/names.h"
#include "schema/normal.h"
#include "schema/pattern.h"
#include "schema/pick.h"
#include "schema/rules.h"
#include "schema/words.h"

namespace athanor::schema {

namespace {
constexpr std::string_view reserved = "$athanor.";
using Mistake = Problem::Kind;

class Validator {
 public:
  explicit Validator(bool readOnlyAllowed) : readOnlyAllowed_(readOnlyAllowed) {}

  void check(const Shape& shape, const Json& value, const std::string& at) {
    if (isUnknown(value)) return;
    if (shape.kind == Kind::oneOf) return choose(shape, value, at);
    if (!ofKind(shape, value)) return add(Mistake::wrongType, at, value, expectation(shape));
    switch (shape.kind) {
      case Kind::object:
        return object(shape, value, at);
      case Kind::map:
        for (const auto& [key, inner] : value.items())
          if (!refused(key, at)) check(*shape.element, inner, at + "/" + escapePointer(key));
        return;
      case Kind::list:
        return list(shape, value, at);
      case Kind::any:
        return free(value, at);
      default:
        return scalar(shape, value, at);
    }
  }

  void contradictions(const Type& type, const Json& props) {
    for (auto& broken : brokenRules(type, props))
      found.push_back(
          {Mistake::contradiction, std::move(broken.pointer), std::move(broken.found), broken.text, ""});
  }

  /// A key may stand once in the list of tags.
  void tags(const Type& type, const Json& props) {
    if (type.tagProperty.empty()) return;
    const auto list = props.find(type.tagProperty);
    if (list == props.end() || !list->is_array()) return;
    std::unordered_map<std::string, std::size_t> seen;
    for (std::size_t i = 0; i < list->size(); ++i) {
      const auto& tag = (*list)[i];
      const auto key = tag.is_object() ? tag.find("Key") : tag.end();
      if (!tag.is_object() || key == tag.end() || !key->is_string()) continue;
      const auto [first, fresh] = seen.try_emplace(key->get<std::string>(), i);
      if (!fresh && tag != (*list)[first->second])
        add(Mistake::duplicateItem, fmt::format("/{}/{}/Key", type.tagProperty, i), *key,
            fmt::format("another key than that of item {}", first->second));
    }
  }

  std::vector<Problem> found;

 private:
  void add(Mistake kind, const std::string& at, const Json& value, std::string expected,
           std::string nearest = "") {
    found.push_back({kind, at, shown(value), std::move(expected), std::move(nearest)});
  }

  bool refused(const std::string& key, const std::string& at) {
    if (!std::string_view(key).starts_with(reserved)) return false;
    found.push_back({Mistake::unknownProperty, at + "/" + escapePointer(key), key,
                     "a name that does not begin with \"$athanor.\", which Athanor keeps for itself", ""});
    return true;
  }

  void choose(const Shape& shape, const Json& value, const std::string& at) {
    if (const auto* form = pick(shape, value)) return check(*form, value, at);
    add(Mistake::noAlternative, at, value, expectation(shape));
  }

  void object(const Shape& shape, const Json& value, const std::string& at) {
    for (const auto& [key, inner] : value.items()) {
      if (refused(key, at)) continue;
      const auto here = at + "/" + escapePointer(key);
      const auto* property = shape.find(key);
      if (!property)
        unknown(shape, key, here);
      else if (property->name != key)
        add(Mistake::twice, here, inner, property->name);
      else if (property->readOnly && !readOnlyAllowed_)
        add(Mistake::readOnly, here, inner, "");
      else
        check(*property->shape, inner, here);
    }
    for (const auto& property : shape.properties)
      if (property.required && !property.readOnly && !value.contains(property.name))
        found.push_back({Mistake::missing, at + "/" + escapePointer(property.name), "",
                         expectation(*property.shape), ""});
  }

  void unknown(const Shape& shape, const std::string& key, const std::string& here) {
    std::vector<std::string> names;
    for (const auto& property : shape.properties)
      if (readOnlyAllowed_ || !property.readOnly)
        names.push_back(camelPath(shape, "/" + escapePointer(property.name)));
    const std::vector<std::string_view> views(names.begin(), names.end());
    found.push_back({Mistake::unknownProperty, here, key, fmt::format("one of {}", fmt::join(names, ", ")),
                     std::string(nearestOf(key, views))});
  }

  void list(const Shape& shape, const Json& value, const std::string& at) {
    const auto count = value.size();
    if (count < shape.minLength.value_or(0) || (shape.maxLength && count > *shape.maxLength))
      found.push_back({Mistake::itemCount, at, std::to_string(count), expectation(shape), ""});
    for (std::size_t i = 0; i < count; ++i) check(*shape.element, value[i], fmt::format("{}/{}", at, i));
    if (!shape.unique) return;
    std::unordered_map<std::string, std::size_t> seen;
    for (std::size_t i = 0; i < count; ++i) {
      if (hasUnknown(value[i])) continue;
      const auto [first, fresh] = seen.try_emplace(
          normal(*shape.element, value[i]).dump(-1, ' ', false, Json::error_handler_t::replace), i);
      if (!fresh)
        add(Mistake::duplicateItem, fmt::format("{}/{}", at, i), value[i],
            fmt::format("different from item {}", first->second));
    }
  }

  void scalar(const Shape& shape, const Json& value, const std::string& at) {
    if (!shape.allowed.empty()) return choice(shape, value, at);
    if (value.is_string()) {
      const auto& text = value.get_ref<const std::string&>();
      const auto length = shape.minLength || shape.maxLength ? countCharacters(text) : 0;
      if (length < shape.minLength.value_or(0) || (shape.maxLength && length > *shape.maxLength))
        found.push_back({Mistake::length, at, std::to_string(length), expectation(shape), ""});
      else if (!shape.pattern.empty() &&
               !(shape.matcher ? shape.matcher->matches(text) : Pattern(shape.pattern).matches(text)))
        add(Mistake::pattern, at, value, shape.pattern);
    } else if (value.is_number()) {
      const auto number = value.get<double>();
      if ((shape.minimum && number < *shape.minimum) || (shape.maximum && number > *shape.maximum))
        add(Mistake::range, at, value, expectation(shape));
    }
  }

  void choice(const Shape& shape, const Json& value, const std::string& at) {
    const auto text = value.is_string()   ? value.get<std::string>()
                      : value.is_number() ? shownNumber(value.get<double>())
                                          : value.dump();
    if (std::ranges::find(shape.allowed, text) != shape.allowed.end()) return;
    const std::vector<std::string_view> views(shape.allowed.begin(), shape.allowed.end());
    const auto near = value.is_string() ? nearestOf(text, views) : std::string_view();
    add(Mistake::notAllowed, at, value, expectation(shape), std::string(near));
  }

  void free(const Json& value, const std::string& at) {
    if (isUnknown(value) || !value.is_structured()) return;
    if (value.is_array()) {
      for (std::size_t i = 0; i < value.size(); ++i) free(value[i], fmt::format("{}/{}", at, i));
      return;
    }
    for (const auto& [key, inner] : value.items())
      if (!refused(key, at)) free(inner, at + "/" + escapePointer(key));
  }

  bool readOnlyAllowed_;
};

/// The last name of a path as the user writes it, and the path before it.
std::pair<std::string, std::string> parted(const Shape& root, const std::string& pointer) {
  const auto slash = pointer.rfind('/');
  if (slash == std::string::npos) return {"", ""};
  return {camelPath(root, std::string_view(pointer).substr(0, slash)),
          unescapePointer(std::string_view(pointer).substr(slash + 1))};
}
}  // namespace

std::string Problem::text(const Shape& root) const {
  const auto path = camelPath(root, pointer);
  const auto [parent, last] = parted(root, pointer);
  const auto inParent = parent.empty() ? std::string() : parent + ": ";
  const auto whole = path.empty() ? std::string("the value") : path;
  const auto guess = [&](const std::string& quoted) {
    return nearest.empty() ? std::string() : fmt::format(" (did you mean {}?)", quoted);
  };
  switch (kind) {
    case Kind::unknownProperty:
      if (std::string_view(last).starts_with(reserved))
        return fmt::format("{}the name \"{}\" cannot be used: names that begin with \"{}\" belong to Athanor",
                           inParent, last, reserved);
      return fmt::format("{}unknown property \"{}\"{}", inParent, last, guess("\"" + nearest + "\""));
    case Kind::twice:
      return fmt::format("{}\"{}\" and \"{}\" are the same property; keep one of them", inParent, expected,
                         last);
    case Kind::missing:
      return fmt::format("{} is required: {}", whole, expected);
    case Kind::itemCount:
      return fmt::format("{} must be {}, but has {}", whole, expected, found);
    case Kind::length:
      return fmt::format("{} must be {}, but has {}", whole, expected, found);
    case Kind::pattern:
      return fmt::format("{} must match {}, but is {}", whole, expected, found);
    case Kind::readOnly:
      return fmt::format("{} is set by AWS and cannot be given", whole);
    case Kind::contradiction:
      return expected;
    case Kind::notAllowed:
      return fmt::format("{} must be {}, but is {}{}", whole, expected, found, guess(Json(nearest).dump()));
    case Kind::wrongType:
    case Kind::range:
    case Kind::duplicateItem:
    case Kind::noAlternative:
      break;
  }
  return fmt::format("{} must be {}, but is {}", whole, expected, found);
}

std::vector<Problem> validate(const Type& type, const Json& props, bool readOnlyAllowed) {
  Validator validator(readOnlyAllowed);
  validator.check(*type.root, props, "");
  if (props.is_object()) {
    validator.tags(type, props);
    if (!readOnlyAllowed) validator.contradictions(type, props);  // a service's defaults contradict nothing
  }
  return std::move(validator.found);
}

}  // namespace athanor::schema
