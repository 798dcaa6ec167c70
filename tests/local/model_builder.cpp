#include "model_builder.h"

#include <algorithm>
#include <array>
#include <string>

#include "schema/validate.h"

namespace athanor::local::test {

namespace {

using schema::Kind;
using schema::Property;
using schema::Shape;

class Builder {
 public:
  Builder(std::uint64_t seed, double optional) : random_(seed), optional_(optional) {}

  Json value(const Shape& shape, int depth) {
    switch (shape.kind) {
      case Kind::string:
        return text(shape);
      case Kind::integer:
        return static_cast<std::int64_t>(number(shape));
      case Kind::number:
        return number(shape);
      case Kind::boolean:
        return random_() % 2 == 0;
      case Kind::list:
        return list(shape, depth);
      case Kind::map:
        return depth > deepest ? Json::object()
                               : Json{{"key" + letters(3), value(*shape.element, depth + 1)}};
      case Kind::any:
        return Json{{"any", letters(4)}};
      case Kind::oneOf:
        return value(*shape.alternatives[random_() % shape.alternatives.size()], depth);
      case Kind::object:
        break;
    }
    return object(shape, depth);
  }

  Json object(const Shape& shape, int depth) {
    Json out = Json::object();
    for (const auto& property : shape.properties) {
      if (property.readOnly) continue;
      const bool wanted = property.required || (depth < deepest && chance());
      if (wanted) out[property.name] = value(*property.shape, depth + 1);
    }
    return out;
  }

 private:
  static constexpr int deepest = 4;

  bool chance() { return static_cast<double>(random_() % 1000) < optional_ * 1000; }

  std::string letters(std::size_t count) {
    std::string out(count, 'a');
    for (char& c : out) c = static_cast<char>('a' + random_() % 26);
    return out;
  }

  Json text(const Shape& shape) {
    if (!shape.allowed.empty()) return shape.allowed[random_() % shape.allowed.size()];
    const auto least = shape.minLength.value_or(1);
    const auto most = shape.maxLength.value_or(std::max<std::uint64_t>(least, 12));
    const auto plain = letters(std::clamp<std::uint64_t>(8, least, most));
    if (shape.pattern.empty()) return plain;
    const std::array<std::string, 8> candidates = {
        plain,
        "",
        "arn:aws:ivs:eu-west-1:123456789012:stage/" + letters(12),
        "arn:aws:ivs:eu-west-1:123456789012:storage-configuration/" + letters(12),
        "arn:aws:iam::123456789012:role/" + letters(8),
        "1280x720",
        "DE",
        "https://" + letters(8) + ".example.com"};
    for (const auto& one : candidates)
      if (fits(shape, one)) return one;
    return plain;
  }

  static bool fits(const Shape& shape, const Json& value) {
    Shape root;
    root.kind = Kind::object;
    root.properties.resize(1);
    root.properties.front().name = "Value";
    root.properties.front().shape = &shape;
    schema::Type type;
    type.root = &root;
    return schema::validate(type, {{"Value", value}}).empty();
  }

  double number(const Shape& shape) {
    if (!shape.allowed.empty()) return std::stod(shape.allowed[random_() % shape.allowed.size()]);
    const double least = shape.minimum.value_or(0);
    const double most = shape.maximum.value_or(least + 100);
    return least + static_cast<double>(random_() % (static_cast<std::uint64_t>(most - least) + 1));
  }

  Json list(const Shape& shape, int depth) {
    Json out = Json::array();
    const auto least = shape.minLength.value_or(0);
    const std::uint64_t count = depth > deepest ? least : std::max<std::uint64_t>(least, 1);
    for (std::uint64_t i = 0; i < count; ++i) out.push_back(value(*shape.element, depth + 1));
    return out;
  }

  std::mt19937_64 random_;
  double optional_;
};

}  // namespace

Json buildModel(const schema::Type& type, std::uint64_t seed, double optional) {
  return Builder(seed, optional).object(*type.root, 0);
}

Json buildValue(const schema::Shape& shape, std::uint64_t seed) { return Builder(seed, 0).value(shape, 1); }

}  // namespace athanor::local::test
