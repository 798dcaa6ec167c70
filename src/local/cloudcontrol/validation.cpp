#include "local/cloudcontrol/validation.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

#include "base/reference.h"
#include "local/cloudcontrol/failure.h"
#include "schema/pattern.h"
#include "schema/validate.h"

namespace athanor::local::cloudcontrol {

namespace {

using schema::Kind;
using schema::Problem;
using schema::Shape;

std::pair<std::string, std::string> split(const std::string& pointer) {
  const auto slash = pointer.rfind('/');
  if (slash == std::string::npos) return {"", pointer};
  return {pointer.substr(0, slash), pointer.substr(slash + 1)};
}

const Json* at(const Json& model, const std::string& pointer) {
  try {
    return &model.at(Json::json_pointer(pointer));
  } catch (const Json::exception&) {
    return nullptr;
  }
}

const Shape* shapeAt(const Shape& root, const std::string& pointer) {
  const Shape* shape = &root;
  for (std::size_t at = 1; shape && at <= pointer.size();) {
    const auto end = std::min(pointer.find('/', at), pointer.size());
    const auto* property = shape->kind == Kind::object ? shape->find(pointer.substr(at, end - at)) : nullptr;
    shape = property ? property->shape : shape->element;
    at = end + 1;
  }
  return shape;
}

/// The nearest list that a pointer leads to or into.
std::string listAround(const Shape& root, std::string pointer) {
  while (!pointer.empty()) {
    const auto* shape = shapeAt(root, pointer);
    if (shape && shape->kind == Kind::list) break;
    pointer = split(pointer).first;
  }
  return pointer;
}

std::string_view typeName(Kind kind) {
  switch (kind) {
    case Kind::string:
      return "String";
    case Kind::integer:
      return "Integer";
    case Kind::number:
      return "Number";
    case Kind::boolean:
      return "Boolean";
    case Kind::list:
      return "JSONArray";
    default:
      return "JSONObject";
  }
}

/// True for what Java's int holds.
bool fitsInt(const Json& value) {
  const auto number = value.get<double>();
  return number >= std::numeric_limits<std::int32_t>::min() &&
         number <= std::numeric_limits<std::int32_t>::max();
}

std::string_view typeName(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null:
      return "Null";
    case Json::value_t::boolean:
      return "Boolean";
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
      return fitsInt(value) ? "Integer" : "Long";
    case Json::value_t::number_float:
      return "BigDecimal";
    case Json::value_t::array:
      return "JSONArray";
    case Json::value_t::object:
      return "JSONObject";
    default:
      return "String";
  }
}

std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

/// A range, length or item count that is broken: which bound it was.
std::string bound(const Shape& shape, const Json& value) {
  if (value.is_number()) {
    const auto number = value.get<double>();
    if (shape.maximum && number > *shape.maximum) return "failed validation constraint for keyword [maximum]";
    return "failed validation constraint for keyword [minimum]";
  }
  const auto size = value.is_string() ? characters(value.get_ref<const std::string&>()) : value.size();
  const bool more = shape.maxLength && size > *shape.maxLength;
  const auto limit = more ? *shape.maxLength : shape.minLength.value_or(0);
  if (value.is_string())
    return fmt::format("expected {}Length: {}, actual: {}", more ? "max" : "min", limit, size);
  return fmt::format("expected {} item count: {}, found: {}", more ? "maximum" : "minimum", limit, size);
}

constexpr const char* brokenPattern = ": failed validation constraint for keyword [pattern]";

bool breaksPattern(const Shape& shape, const Json& text) {
  return !shape.pattern.empty() && !schema::Pattern(shape.pattern).matches(text.get<std::string>());
}

/// AWS's validator makes two schemas of one that has a type and an enumeration, and tells that one of them
/// matched before it tells why the other did not.
std::string notAllowed(const std::string& here, int matching, const std::string& wrongType) {
  return fmt::format(
      "{0}: #: only {1} subschema matches out of 2\n{2}{0}: failed validation constraint for keyword [enum]",
      here, matching, wrongType);
}

std::string sentence(const schema::Type& type, const Json& model, const Problem& problem) {
  const auto [parent, name] = split(problem.pointer);
  const auto* value = at(model, problem.pointer);
  const auto* shape = shapeAt(*type.root, problem.pointer);
  const auto here = "#" + problem.pointer;
  switch (problem.kind) {
    case Problem::Kind::unknownProperty:
    case Problem::Kind::readOnly:
    case Problem::Kind::twice:
      return fmt::format("#{}: extraneous key [{}] is not permitted", parent, name);
    case Problem::Kind::missing:
      return fmt::format("#{}: required key [{}] not found", parent, name);
    case Problem::Kind::wrongType: {
      const auto text =
          fmt::format("{}: expected type: {}, found: {}", here, shape ? typeName(shape->kind) : "JSONObject",
                      value ? typeName(*value) : "Null");
      return shape && !shape->allowed.empty() ? notAllowed(here, 0, text + "\n") : text;
    }
    case Problem::Kind::range:
    case Problem::Kind::length:
    case Problem::Kind::itemCount:
      if (!value || !shape) break;
      // Both are checked, and schema::validate names the first.
      return here + ": " + bound(*shape, *value) +
             (problem.kind == Problem::Kind::length && breaksPattern(*shape, *value)
                  ? "\n" + here + brokenPattern
                  : "");
    case Problem::Kind::pattern:
      return here + brokenPattern;
    case Problem::Kind::notAllowed:
      return notAllowed(here, 1, "");
    case Problem::Kind::duplicateItem:
      return fmt::format("#{}: array items are not unique", listAround(*type.root, parent));
    case Problem::Kind::noAlternative:
      return here + ": #: 0 subschemas matched instead of one";
    case Problem::Kind::contradiction:
      break;
  }
  return here + ": " + problem.text(*type.root);
}

}  // namespace

void validateModel(const schema::Type& type, const Json& model, bool readOnlyAllowed) {
  if (!model.is_object())
    throw invalid(
        fmt::format("Model validation failed (#: expected type: JSONObject, found: {})", typeName(model)));
  std::vector<std::string> sentences;
  // A program's own notation for what is not known yet has no meaning here.
  if (hasUnknown(model)) sentences.emplace_back("#: expected type: JSONObject, found: Null");
  for (const auto& problem : schema::validate(type, model, readOnlyAllowed))
    sentences.push_back(sentence(type, model, problem));
  if (!sentences.empty())
    throw invalid(fmt::format("Model validation failed ({})", fmt::join(sentences, "\n")));
}

}  // namespace athanor::local::cloudcontrol
