#include "schema/compare.h"

#include <algorithm>

#include "base/reference.h"
#include "schema/normal.h"
#include "schema/pick.h"

namespace athanor::schema {

namespace {

const Shape anything;
const Json absent;

struct Marks {
  bool createOnly = false;
  bool writeOnly = false;
  Marks with(const Property* property) const {
    if (!property) return *this;
    return {createOnly || property->createOnly, writeOnly || property->writeOnly};
  }
};

/// The shape of an object's or list's part.
const Shape& partOf(const Shape* form, const Property* property) {
  if (property) return *property->shape;
  return form && form->element ? *form->element : anything;
}

const Property* propertyOf(const Shape* form, const std::string& key) {
  return form && form->kind == Kind::object ? form->find(key) : nullptr;
}

const Json& at(const Json& object, const std::string& key) {
  const auto found = object.find(key);
  return found == object.end() ? absent : *found;
}

/// What of `value` lies below create-only properties: where that differs, the whole difference is one that
/// means replacing.
Json createOnlyPart(const Shape& shape, const Json& value) {
  if (isUnknown(value) || !value.is_structured()) return nullptr;
  const auto* form = settled(shape, value);
  Json out;
  if (value.is_array()) {
    for (const auto& item : value)
      if (auto part = createOnlyPart(partOf(form, nullptr), item); !part.is_null())
        out.push_back(std::move(part));
    if (form && form->unordered && out.is_array()) std::sort(out.begin(), out.end());
    return out;
  }
  for (const auto& [key, inner] : value.items()) {
    const auto* property = propertyOf(form, key);
    const auto& part = partOf(form, property);
    auto kept = property && property->createOnly ? normal(part, inner) : createOnlyPart(part, inner);
    if (!kept.is_null()) out[key] = std::move(kept);
  }
  return out;
}

class Comparison {
 public:
  std::vector<Difference> out;

  void differ(const Shape& shape, const Json& before, const Json& after, const std::string& here,
              Marks marks) {
    if (before == after) return;
    if (isUnknown(before) || isUnknown(after)) return add(shape, before, after, here, marks);
    const auto* form = settled(shape, after);
    const bool sameForm = form == settled(shape, before) && form && form->kind != Kind::any;
    if (sameForm && before.is_object() && after.is_object())
      return members(*form, before, after, here, marks);
    if (sameForm && before.is_array() && after.is_array() && before.size() == after.size() &&
        !form->unordered) {
      for (std::size_t i = 0; i < after.size(); ++i)
        differ(partOf(form, nullptr), before[i], after[i], here + "/" + std::to_string(i), marks);
      return;
    }
    if (normal(shape, before) != normal(shape, after)) add(shape, before, after, here, marks);
  }

 private:
  void members(const Shape& form, const Json& before, const Json& after, const std::string& here,
               Marks marks) {
    for (const auto& [key, value] : before.items())
      if (!after.contains(key)) member(form, key, value, absent, here, marks);
    for (const auto& [key, value] : after.items()) member(form, key, at(before, key), value, here, marks);
  }

  void member(const Shape& form, const std::string& key, const Json& before, const Json& after,
              const std::string& here, Marks marks) {
    const auto* property = propertyOf(&form, key);
    const auto& shape = partOf(&form, property);
    const auto place = here + "/" + escapePointer(key);
    marks = marks.with(property);
    if (!before.is_null() && !after.is_null()) return differ(shape, before, after, place, marks);
    if (before.is_null() && after.is_null()) return;
    if (property && !property->defaultJson.empty()) {
      const auto usual = Json::parse(property->defaultJson, nullptr, false);
      const auto& given = before.is_null() ? after : before;
      if (!usual.is_discarded() && normal(shape, usual) == normal(shape, given)) return;
    }
    add(shape, before, after, place, marks);
  }

  void add(const Shape& shape, const Json& before, const Json& after, const std::string& here, Marks marks) {
    const bool createOnly = marks.createOnly || createOnlyPart(shape, before) != createOnlyPart(shape, after);
    out.push_back({here, before, after, createOnly, marks.writeOnly});
  }
};

/// A tag that AWS itself sets ("aws:cloudformation:stack-name"); users cannot.
bool isSystemTag(const Json& item) { return item.is_object() && stringAt(item, "Key").starts_with("aws:"); }

/// Policy documents come back as text from some services, as objects from others.
bool sameFree(const Json& sent, const Json& live) {
  if (sent == live) return true;
  if (sent.is_string() == live.is_string()) return false;
  const auto& text = (sent.is_string() ? sent : live).get_ref<const std::string&>();
  const auto parsed = Json::parse(text, nullptr, false);
  return !parsed.is_discarded() && parsed == (sent.is_string() ? live : sent);
}

class Drift {
 public:
  std::vector<Difference> out;

  void object(const Shape& form, const Json& sent, const Json& live, const std::string& here, Marks marks) {
    for (const auto& [key, value] : sent.items()) {
      const auto* property = propertyOf(&form, key);
      if (property && (property->readOnly || property->writeOnly)) continue;
      const auto found = live.find(key);
      const auto place = here + "/" + escapePointer(key);
      if (found != live.end()) {
        differ(partOf(&form, property), value, *found, place, marks.with(property));
      } else if (form.kind == Kind::map) {
        out.push_back({place, value, nullptr, marks.createOnly, false});
      }
    }
    if (form.kind != Kind::map) return;
    for (const auto& [key, value] : live.items())
      if (!sent.contains(key) && !key.starts_with("aws:"))
        out.push_back({here + "/" + escapePointer(key), nullptr, value, marks.createOnly, false});
  }

 private:
  void differ(const Shape& shape, const Json& sent, const Json& live, const std::string& here, Marks marks) {
    if (isUnknown(sent) || live.is_null()) return;
    const auto* form = settled(shape, sent);
    if (form && (form->kind == Kind::object || form->kind == Kind::map) && sent.is_object() &&
        live.is_object())
      return object(*form, sent, live, here, marks);
    if (form && form->kind == Kind::list && sent.is_array() && live.is_array())
      return list(*form, sent, live, here, marks);
    if (!form || form->kind == Kind::any ? sameFree(sent, live) : same(shape, sent, live)) return;
    out.push_back({here, sent, live, marks.createOnly, false});
  }

  void list(const Shape& form, const Json& sent, const Json& live, const std::string& here, Marks marks) {
    std::vector<const Json*> free;
    for (const auto& item : live)
      if (!isSystemTag(item)) free.push_back(&item);
    std::vector<const Json*> wanted;
    for (const auto& item : sent) wanted.push_back(&item);
    // Those that say most choose first, so that one that says little does not take their place.
    std::sort(wanted.begin(), wanted.end(),
              [](const Json* a, const Json* b) { return a->size() > b->size(); });
    bool all = free.size() == wanted.size();
    for (std::size_t i = 0; all && i < wanted.size(); ++i) {
      const auto match = std::ranges::find_if(
          free, [&](const Json* item) { return covered(partOf(&form, nullptr), *wanted[i], *item); });
      all = match != free.end();
      if (all) free.erase(match);
    }
    if (!all) out.push_back({here, sent, live, marks.createOnly, false});
  }

  static bool covered(const Shape& shape, const Json& sent, const Json& live) {
    Drift inner;
    inner.differ(shape, sent, live, "", {});
    return inner.out.empty();
  }
};

}  // namespace

std::vector<Difference> compare(const Type& type, const Json& before, const Json& after) {
  Comparison comparison;
  comparison.differ(*type.root, before, after, "", {});
  return std::move(comparison.out);
}

std::vector<Difference> drift(const Type& type, const Json& sent, const Json& live) {
  Drift found;
  if (sent.is_object() && live.is_object()) found.object(*type.root, sent, live, "", {});
  return std::move(found.out);
}

bool same(const Shape& shape, const Json& a, const Json& b) {
  return a == b || normal(shape, a) == normal(shape, b);
}

}  // namespace athanor::schema
