#include "mistakes.h"

#include <fmt/format.h>

#include <map>

#include "schema/validate.h"

namespace athanor::local::test {

namespace {

using schema::Kind;
using schema::Property;
using schema::Shape;

/// A place in the model: a property's value, or the item of a list.
struct Site {
  std::string pointer;
  const Shape* shape;
  const Property* property = nullptr;  ///< null for an item
};

class Sites {
 public:
  explicit Sites(const Json& model) : model_(model) {}

  void walk(const Shape& shape, const std::string& at) {
    const auto& value = at.empty() ? model_ : model_.at(Json::json_pointer(at));
    if (shape.kind == Kind::object && value.is_object()) {
      objects.push_back({at, &shape});
      for (const auto& property : shape.properties)
        if (value.contains(property.name)) visit({at + "/" + property.name, property.shape, &property});
    } else if (shape.kind == Kind::list && value.is_array() && !value.empty()) {
      visit({at + "/0", shape.element});
    }
  }

  std::vector<Site> objects;
  std::vector<Site> values;

 private:
  void visit(const Site& site) {
    if (site.shape->kind == Kind::oneOf || site.shape->kind == Kind::any) return;
    values.push_back(site);
    walk(*site.shape, site.pointer);
  }

  const Json& model_;
};

std::size_t depth(const Site& site) {
  return static_cast<std::size_t>(std::ranges::count(site.pointer, '/'));
}

std::string_view named(Kind kind) {
  static const std::map<Kind, std::string_view> names = {
      {Kind::string, "String"},   {Kind::integer, "Integer"}, {Kind::number, "Number"},
      {Kind::boolean, "Boolean"}, {Kind::list, "JSONArray"},  {Kind::object, "JSONObject"},
      {Kind::map, "JSONObject"}};
  return names.at(kind);
}

class Maker {
 public:
  Maker(const schema::Type& type, const Json& model) : type_(type), model_(model) {
    Sites sites(model);
    sites.walk(*type.root, "");
    objects_ = std::move(sites.objects);
    values_ = std::move(sites.values);
  }

  std::vector<Mistake> run() {
    for (const auto* site : ends(objects_, [](const Site&) { return true; })) {
      auto wrong = model_;
      at(wrong, site->pointer)["Unheard"] = "of";
      add("extraneous", wrong, fmt::format("#{}: extraneous key [Unheard] is not permitted", site->pointer));
    }
    missing();
    readOnly();
    for (const auto* site : ends(values_, [](const Site&) { return true; })) wrongType(*site);
    for (const auto* site : ends(values_, [](const Site& one) { return !one.shape->allowed.empty(); }))
      if (site->shape->kind == Kind::string)
        put("enum", *site, "NoSuchValue",
            "#: only 1 subschema matches out of 2\n#{0}: failed validation constraint for keyword [enum]");
    for (const auto& site : values_) {
      if (site.shape->kind == Kind::list) items(site);
      if (site.shape->allowed.empty()) bounds(site);
    }
    return std::move(out_);
  }

 private:
  static Json& at(Json& model, const std::string& pointer) { return model[Json::json_pointer(pointer)]; }

  void add(std::string kind, Json wrong, std::string message) {
    out_.push_back({std::move(kind), std::move(wrong), std::move(message)});
  }

  /// `message` stands behind the place; {0} in it is the place again.
  void put(std::string kind, const Site& site, Json value, const std::string& message) {
    auto wrong = model_;
    at(wrong, site.pointer) = std::move(value);
    add(std::move(kind), std::move(wrong),
        fmt::format("#{}: ", site.pointer) + fmt::format(fmt::runtime(message), site.pointer));
  }

  /// The first and the deepest of those that fit.
  template <class Fits>
  static std::vector<const Site*> ends(const std::vector<Site>& sites, Fits fits) {
    const Site *first = nullptr, *deepest = nullptr;
    for (const auto& site : sites) {
      if (!fits(site)) continue;
      if (!first) first = &site;
      if (!deepest || depth(site) > depth(*deepest)) deepest = &site;
    }
    if (!first) return {};
    return first == deepest ? std::vector{first} : std::vector{first, deepest};
  }

  void missing() {
    const auto required = [](const Site& site) {
      return site.property && site.property->required && !site.property->readOnly;
    };
    for (const auto* site : ends(values_, required)) {
      const auto parent = site->pointer.substr(0, site->pointer.rfind('/'));
      auto wrong = model_;
      (parent.empty() ? wrong : at(wrong, parent)).erase(site->property->name);
      add("missing", wrong, fmt::format("#{}: required key [{}] not found", parent, site->property->name));
    }
  }

  void readOnly() {
    for (const auto& property : type_.root->properties) {
      if (!property.readOnly) continue;
      auto wrong = model_;
      wrong[property.name] = "given";
      return add("read-only", wrong, fmt::format("#: extraneous key [{}] is not permitted", property.name));
    }
  }

  void wrongType(const Site& site) {
    const bool text = site.shape->kind == Kind::string;
    auto message =
        fmt::format("expected type: {}, found: {}", named(site.shape->kind), text ? "Integer" : "String");
    if (!site.shape->allowed.empty())
      message = "#: only 0 subschema matches out of 2\n#{0}: " + message +
                "\n#{0}: failed validation constraint for keyword [enum]";
    put("wrong type", site, text ? Json(7) : Json("text"), message);
  }

  void items(const Site& site) {
    const auto& list = model_.at(Json::json_pointer(site.pointer));
    if (list.empty()) return;
    auto twice = list;
    twice.push_back(list[0]);
    if (site.shape->unique && (!site.shape->maxLength || twice.size() <= *site.shape->maxLength))
      put("duplicate", site, twice, "array items are not unique");
    if (!site.shape->maxLength || site.shape->unique || *site.shape->maxLength > 1000) return;
    while (twice.size() <= *site.shape->maxLength) twice.push_back(list[0]);
    put("too many", site, twice,
        fmt::format("expected maximum item count: {}, found: {}", *site.shape->maxLength, twice.size()));
  }

  void bounds(const Site& site) {
    const auto& shape = *site.shape;
    if (shape.kind == Kind::integer || shape.kind == Kind::number) {
      const std::string keyword = "failed validation constraint for keyword ";
      if (shape.maximum) put("maximum", site, std::int64_t(*shape.maximum) + 1, keyword + "[maximum]");
      if (shape.minimum) put("minimum", site, std::int64_t(*shape.minimum) - 1, keyword + "[minimum]");
    }
    if (shape.kind != Kind::string) return;
    const std::string pattern = "failed validation constraint for keyword [pattern]";
    if (shape.maxLength && *shape.maxLength < 10'000)
      put("too long", site, std::string(*shape.maxLength + 1, '\t'),
          fmt::format("expected maxLength: {}, actual: {}{}", *shape.maxLength, *shape.maxLength + 1,
                      refusesTabs(shape) ? "\n#{0}: " + pattern : ""));
    if (refusesTabs(shape) && shape.minLength.value_or(0) <= 3 && shape.maxLength.value_or(3) >= 3)
      put("pattern", site, "\t\t\t", pattern);
  }

  static bool refusesTabs(const Shape& shape) {
    Shape text;
    text.kind = Kind::string;
    text.pattern = shape.pattern;
    Shape root;
    root.kind = Kind::object;
    root.properties.resize(1);
    root.properties.front().name = "Value";
    root.properties.front().shape = &text;
    schema::Type type;
    type.root = &root;
    return !shape.pattern.empty() && !schema::validate(type, {{"Value", "\t\t\t"}}).empty();
  }

  const schema::Type& type_;
  const Json& model_;
  std::vector<Site> objects_, values_;
  std::vector<Mistake> out_;
};

}  // namespace

std::vector<Mistake> mistakesIn(const schema::Type& type, const Json& model) {
  return Maker(type, model).run();
}

}  // namespace athanor::local::test
