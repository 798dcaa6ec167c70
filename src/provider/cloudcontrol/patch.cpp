#include "provider/cloudcontrol/patch.h"

#include <algorithm>
#include <set>

#include "schema/compare.h"

namespace athanor::provider::cloudcontrol {
namespace {

using schema::Kind;
using schema::Property;
using schema::Shape;

const Json absent = Json::object();

bool same(const Shape* shape, const Json& a, const Json& b) {
  return shape ? schema::same(*shape, a, b) : a == b;
}

const Json* at(const Json& object, const std::string& key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

/// True where `live` says everything that `wanted` says; what the service added, or does not tell, is no
/// difference.
bool covers(const Shape* shape, const Json& live, const Json& wanted) {
  return shape ? schema::covers(*shape, wanted, live) : live == wanted;
}

/// True where something inside `wanted` is write-only: such a value is always sent as a whole, as `add`.
bool hasWriteOnly(const Shape* shape, const Json& wanted) {
  if (!shape) return false;
  if (wanted.is_array() && shape->kind == Kind::list)
    return std::ranges::any_of(wanted, [&](const Json& one) { return hasWriteOnly(shape->element, one); });
  if (!wanted.is_object() || shape->kind != Kind::object) return false;
  return std::ranges::any_of(wanted.items(), [&](const auto& item) {
    const auto* property = shape->find(item.key());
    return property && (property->writeOnly || hasWriteOnly(property->shape, item.value()));
  });
}

/// Tags as a list of {Key, Value}: those that `live` has beside the user's own are kept. AWS's own ("aws:…")
/// cannot be set, and stay by themselves.
Json mergedTags(const Json& live, const Json& before, const Json& desired) {
  std::set<std::string> managed;
  auto key = [](const Json& tag) { return stringAt(tag, "Key"); };
  for (const auto* tags : {&before, &desired})
    if (tags->is_array())
      for (const auto& tag : *tags) managed.insert(key(tag));
  Json out = desired.is_array() ? desired : Json::array();
  for (const auto& tag : live)
    if (const auto name = key(tag); !name.empty() && !name.starts_with("aws:") && !managed.contains(name))
      out.push_back(tag);
  return out;
}

/// Tags are a set, whatever the schema says of their order.
bool sameTags(const Json& live, const Json& wanted) {
  std::multiset<std::string> a, b;
  for (const auto& tag : live)
    if (!stringAt(tag, "Key").starts_with("aws:")) a.insert(tag.dump());
  for (const auto& tag : wanted) b.insert(tag.dump());
  return a == b;
}

class Patch {
 public:
  void object(const Shape* shape, const std::string& path, const Json& live, const Json& before,
              const Json& desired, const std::string& tagProperty) {
    std::set<std::string> keys;
    for (const auto* model : {&before, &desired})
      if (model->is_object())
        for (const auto& item : model->items()) keys.insert(item.key());
    for (const auto& key : keys) {
      const auto* property = shape ? shape->find(key) : nullptr;
      if (property && (property->readOnly || property->createOnly)) continue;
      const auto place = path + "/" + escapePointer(key);
      if (!tagProperty.empty() && key == tagProperty &&
          tags(place, at(live, key), at(before, key), at(desired, key)))
        continue;
      member(property, place, at(live, key), at(before, key), at(desired, key));
    }
  }

  Json operations() {
    if (changes_.empty()) return changes_;
    for (auto& one : again_) changes_.push_back(std::move(one));
    return std::move(changes_);
  }

 private:
  void member(const Property* property, const std::string& place, const Json* live, const Json* before,
              const Json* desired) {
    const auto* shape = property ? property->shape : nullptr;
    if (!desired) {
      if (live && before) changes_.push_back({{"op", "remove"}, {"path", place}});
      return;
    }
    const bool sentBefore = before && same(shape, *before, *desired);
    if (!live || (property && property->writeOnly)) {
      auto& list = sentBefore ? again_ : changes_;
      list.push_back({{"op", "add"}, {"path", place}, {"value", *desired}});
      return;
    }
    if (shape && shape->kind == Kind::object && live->is_object() && desired->is_object())
      return object(shape, place, *live, before ? *before : absent, *desired, "");
    if (hasWriteOnly(shape, *desired)) {
      auto& list = sentBefore && covers(shape, *live, *desired) ? again_ : changes_;
      list.push_back({{"op", "add"}, {"path", place}, {"value", *desired}});
      return;
    }
    const bool done = same(shape, *live, *desired) || (sentBefore && covers(shape, *live, *desired));
    if (!done) changes_.push_back({{"op", "replace"}, {"path", place}, {"value", *desired}});
  }

  /// True where the tags could be treated one by one.
  bool tags(const std::string& place, const Json* live, const Json* before, const Json* desired) {
    if (!live || (desired && live->type() != desired->type())) return false;
    const auto& was = before ? *before : absent;
    if (live->is_object()) {
      object(nullptr, place, *live, was, desired ? *desired : absent, "");
      return true;
    }
    if (!live->is_array() || !std::ranges::all_of(*live, [](const Json& tag) { return tag.contains("Key"); }))
      return false;
    const auto merged = mergedTags(*live, was, desired ? *desired : Json());
    if (sameTags(*live, merged)) return true;
    if (merged.empty() && !desired)
      changes_.push_back({{"op", "remove"}, {"path", place}});
    else
      changes_.push_back({{"op", "replace"}, {"path", place}, {"value", merged}});
    return true;
  }

  Json changes_ = Json::array();
  Json again_ = Json::array();
};

}  // namespace

Json patch(const schema::Type* type, const Json& live, const Json& before, const Json& desired) {
  Patch patch;
  patch.object(type ? type->root : nullptr, "", live, before, desired, type ? type->tagProperty : "");
  return patch.operations();
}

}  // namespace athanor::provider::cloudcontrol
