#include "model_generator.h"

#include <rapidcheck.h>

#include <algorithm>
#include <set>

#include "schema/characters.h"
#include "schema/normal.h"
#include "schema/pattern.h"

namespace athanor::schema {

namespace {

constexpr int deepest = 5;  // beyond, only what is required

int draw(int from, int beyond) { return *rc::gen::inRange(from, beyond); }

std::string drawText(std::size_t length) {
  static constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCXYZ0123456789";
  std::string out;
  for (std::size_t i = 0; i < length; ++i) out += letters[static_cast<std::size_t>(draw(0, 42))];
  return out;
}

std::optional<Json> drawPattern(const Shape& shape) {
  static const std::vector<std::string> samples = {
      "recordings",
      "a/b",
      "640x360",
      "1280x720",
      "ab",
      "arn:aws:iam::123456789012:role/Recorder",
      "arn:aws:ivs:eu-west-1:123456789012:channel/abcdABCDefgh",
      "arn:aws:ivs:eu-west-1:123456789012:stage/abcdABCDefgh",
      "arn:aws:ivs:eu-west-1:123456789012:recording-configuration/abcdABCDefgh",
      "arn:aws:ivs:eu-west-1:123456789012:storage-configuration/abcdABCDefgh",
      "-----BEGIN PUBLIC KEY-----\nMHYwEAYH\n-----END PUBLIC KEY-----\n"};
  const Pattern pattern(shape.pattern);
  std::vector<std::string> fit;
  for (const auto& sample : samples)
    if (pattern.matches(sample) && sample.size() >= shape.minLength.value_or(0) &&
        sample.size() <= shape.maxLength.value_or(9999))
      fit.push_back(sample);
  if (fit.empty()) return {};
  return fit[static_cast<std::size_t>(draw(0, static_cast<int>(fit.size())))];
}

std::optional<Json> drawString(const Shape& shape) {
  if (!shape.allowed.empty())
    return shape.allowed[static_cast<std::size_t>(draw(0, static_cast<int>(shape.allowed.size())))];
  if (!shape.pattern.empty()) return drawPattern(shape);
  const auto low = static_cast<int>(shape.minLength.value_or(0));
  const auto high = std::min(low + 8, static_cast<int>(shape.maxLength.value_or(100)));
  return drawText(static_cast<std::size_t>(draw(low, high + 1)));
}

Json drawNumber(const Shape& shape) {
  if (!shape.allowed.empty())
    return Json::parse(
        shape.allowed[static_cast<std::size_t>(draw(0, static_cast<int>(shape.allowed.size())))]);
  const auto low = static_cast<int>(shape.minimum.value_or(-1000));
  const auto high = static_cast<int>(std::min(shape.maximum.value_or(low + 2000.0), 1e6));
  const int value = draw(low, std::max(low, high) + 1);
  if (draw(0, 2) == 0) return value;
  return static_cast<double>(value);
}

Json drawFree() {
  switch (draw(0, 4)) {
    case 0:
      return Json{{"Statement", Json::array({Json{{"effect", drawText(3)}, {drawText(2), nullptr}}})}};
    case 1:
      return drawText(4);
    case 2:
      return Json::array({1, 2.5, true});
    default:
      return Json::object();
  }
}

std::optional<Json> drawList(const Shape& shape, int depth) {
  const auto low = static_cast<int>(shape.minLength.value_or(0));
  const auto most =
      std::min(low + (depth > deepest ? 0 : 3), static_cast<int>(shape.maxLength.value_or(100)));
  const auto count = static_cast<std::size_t>(draw(low, most + 1));
  Json out = Json::array();
  std::set<std::string> seen;
  for (std::size_t tries = 0; out.size() < count && tries < count + 20; ++tries) {
    auto item = drawModel(*shape.element, depth + 1);
    if (!item) break;
    const bool tag = item->is_object() && item->contains("Key");
    if ((shape.unique || tag) &&
        !seen.insert((tag ? (*item)["Key"] : normal(*shape.element, *item)).dump()).second)
      continue;
    out.push_back(std::move(*item));
  }
  if (out.size() < static_cast<std::size_t>(low)) return {};
  return out;
}

std::optional<Json> drawObject(const Shape& shape, int depth) {
  Json out = Json::object();
  for (const auto& property : shape.properties) {
    if (property.readOnly) continue;
    if (!property.required && (depth > deepest || draw(0, 2 + depth * 2) != 0)) continue;
    auto value = depth > 3 * deepest ? std::nullopt : drawModel(*property.shape, depth + 1);
    if (value)
      out[property.name] = std::move(*value);
    else if (property.required)
      return {};
  }
  return out;
}

}  // namespace

std::optional<Json> drawModel(const Shape& shape, int depth) {
  switch (shape.kind) {
    case Kind::string:
      return drawString(shape);
    case Kind::integer:
    case Kind::number:
      return drawNumber(shape);
    case Kind::boolean:
      return draw(0, 2) == 1;
    case Kind::object:
      return drawObject(shape, depth);
    case Kind::list:
      return drawList(shape, depth);
    case Kind::any:
      return drawFree();
    case Kind::oneOf:
      return drawModel(
          *shape.alternatives[static_cast<std::size_t>(draw(0, static_cast<int>(shape.alternatives.size())))],
          depth + 1);
    case Kind::map: {
      Json out = Json::object();
      for (int i = draw(0, depth > deepest ? 1 : 3); i > 0; --i)
        if (auto value = drawModel(*shape.element, depth + 1)) out[drawText(3)] = std::move(*value);
      return out;
    }
  }
  return {};
}

}  // namespace athanor::schema
