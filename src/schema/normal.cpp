#include "schema/normal.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/reference.h"
#include "schema/pick.h"
#include "schema/policy.h"

namespace athanor::schema {

namespace {

const Shape anything;

Json plainNumber(const Json& value) {
  if (!value.is_number_float()) return value;
  const auto number = value.get<double>();
  if (number == std::floor(number) && std::abs(number) < 9e15) return static_cast<std::int64_t>(number);
  return value;
}

/// A text that can only stand for one number or boolean of the schema's kind, as that: CloudFormation takes
/// "30" for 30 and "true" for true, so services answer with either. "030" and "1e3" stay texts.
Json plainText(Kind kind, const std::string& text) {
  if (kind == Kind::boolean && (text == "true" || text == "false")) return text == "true";
  if (kind != Kind::integer && kind != Kind::number) return text;
  std::int64_t number = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end || std::to_string(number) != text) return text;
  return number;
}

Json plainScalar(const Shape& shape, const Json& value) {
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    const bool scalar =
        shape.kind == Kind::boolean || shape.kind == Kind::integer || shape.kind == Kind::number;
    if (scalar) return plainText(shape.kind, text);
    const auto document = documentOf(text);
    if (!document) return value;
    const auto* form = settled(shape, *document);
    const bool known =
        form && (form->kind == Kind::object || form->kind == Kind::map || form->kind == Kind::list);
    return known ? normal(shape, *document) : plainDocument(*document);
  }
  const auto number = plainNumber(value);
  if (shape.kind == Kind::string && (number.is_number_integer() || number.is_boolean())) return number.dump();
  return number;
}

Json plainList(const Shape* form, const Json& value) {
  const auto& element = form && form->element ? *form->element : anything;
  Json out = Json::array();
  for (const auto& item : value) out.push_back(normal(element, item));
  if (form && form->unordered) std::sort(out.begin(), out.end());
  return out;
}

Json plainObject(const Shape& form, const Json& value) {
  Json out = Json::object();
  for (const auto& [key, inner] : value.items()) {
    const auto* property = form.kind == Kind::object ? form.find(key) : nullptr;
    const auto& part = property ? *property->shape : form.element ? *form.element : anything;
    auto one = normal(part, inner);
    if (property && !property->defaultJson.empty()) {
      const auto usual = Json::parse(property->defaultJson, nullptr, false);
      if (!usual.is_discarded() && one == normal(part, usual)) continue;
    }
    out[key] = std::move(one);
  }
  return out;
}

}  // namespace

Json normal(const Shape& shape, const Json& value) {
  if (isUnknown(value)) return value;
  if (!value.is_structured()) return plainScalar(shape, value);
  const auto* form = settled(shape, value);
  const bool free =
      !form || (form->kind != Kind::object && form->kind != Kind::map && form->kind != Kind::list);
  if (free && !hasUnknown(value)) return plainDocument(value);
  return value.is_array() ? plainList(form, value) : plainObject(form ? *form : anything, value);
}

}  // namespace athanor::schema
