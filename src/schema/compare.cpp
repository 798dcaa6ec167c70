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

bool hasKey(const Json& item) { return item.is_object() && item.contains("Key"); }
bool isTag(const Json& item) { return hasKey(item) && item.contains("Value") && item.size() == 2; }

class Drift {
 public:
  explicit Drift(const std::string& tagProperty) : tagProperty_(tagProperty) {}

  std::vector<Difference> out;

  void object(const Shape& form, const Json& sent, const Json& live, const std::string& here, Marks marks) {
    for (const auto& [key, value] : sent.items()) {
      const auto* property = propertyOf(&form, key);
      if (property && (property->readOnly || property->writeOnly)) continue;
      const auto found = live.find(key);
      const auto place = here + "/" + escapePointer(key);
      const bool tagged = here.empty() && !tagProperty_.empty() && key == tagProperty_ && found != live.end();
      if (tagged && tags(partOf(&form, property), value, *found, place, marks.with(property))) continue;
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
    if (same(shape, sent, live)) return;
    out.push_back({here, sent, live, marks.createOnly, false});
  }

  /// A resource's own tags, one by one: those that others have set beside the user's are nobody's drift, as
  /// an update leaves them alone too. False where they cannot be told apart.
  bool tags(const Shape& shape, const Json& sent, const Json& live, const std::string& here, Marks marks) {
    const auto* form = settled(shape, sent);
    if (sent.is_object() && live.is_object()) {
      for (const auto& [key, value] : sent.items())
        if (!same(partOf(form, nullptr), value, at(live, key)))
          out.push_back({here + "/" + escapePointer(key), value, at(live, key), marks.createOnly, false});
      return true;
    }
    if (!sent.is_array() || !live.is_array() || !std::ranges::all_of(live, hasKey)) return false;
    Json own = Json::array();
    for (const auto& item : live)
      if (std::ranges::any_of(sent, [&](const Json& tag) { return at(tag, "Key") == at(item, "Key"); }))
        own.push_back(item);
    if (!coversList(partOf(form, nullptr), true, sent, own))
      out.push_back({here, sent, std::move(own), marks.createOnly, false});
    return true;
  }

  void list(const Shape& form, const Json& sent, const Json& live, const std::string& here, Marks marks) {
    Json own = Json::array();
    for (const auto& item : live)
      if (!isSystemTag(item)) own.push_back(item);
    // Lists of tags stand inside other properties as well, and are sets there too.
    const bool set = form.unordered || (!own.empty() && std::ranges::all_of(own, isTag));
    if (!coversList(partOf(&form, nullptr), set, sent, own))
      out.push_back({here, sent, live, marks.createOnly, false});
  }

  /// True where each item of `sent` is covered by an item of `live` of its own: in a set by any, else by the
  /// one in its place.
  static bool coversList(const Shape& element, bool set, const Json& sent, const Json& live) {
    if (sent.size() != live.size()) return false;
    if (!set) {
      for (std::size_t i = 0; i < sent.size(); ++i)
        if (!covers(element, sent[i], live[i])) return false;
      return true;
    }
    std::vector<const Json*> free, wanted;
    for (const auto& item : live) free.push_back(&item);
    for (const auto& item : sent) wanted.push_back(&item);
    // Those that say most choose first, so that one that says little does not take their place.
    std::sort(wanted.begin(), wanted.end(),
              [](const Json* a, const Json* b) { return a->size() > b->size(); });
    return std::ranges::all_of(wanted, [&](const Json* item) {
      const auto match =
          std::ranges::find_if(free, [&](const Json* one) { return covers(element, *item, *one); });
      if (match == free.end()) return false;
      free.erase(match);
      return true;
    });
  }

 public:
  static bool covers(const Shape& shape, const Json& sent, const Json& live) {
    static const std::string none;
    Drift inner(none);
    inner.differ(shape, sent, live, "", {});
    return inner.out.empty();
  }

 private:
  const std::string& tagProperty_;
};

class Answers {
 public:
  explicit Answers(const std::vector<std::string>& except) : except_(except) {}

  /// Puts the answer in the place of what was sent wherever live still says it.
  void take(const Shape& shape, Json& sent, const Json& answered, const Json& live, const std::string& here) {
    const bool excepted =
        std::ranges::any_of(except_, [&](const std::string& one) { return within(here, one); });
    if (excepted || answered.is_null() || live.is_null()) return;
    const auto* form = settled(shape, sent);
    const bool apart =
        form && form->kind == Kind::object && sent.is_object() && answered.is_object() && live.is_object();
    if (apart) {
      for (auto& [key, value] : sent.items())
        take(partOf(form, propertyOf(form, key)), value, at(answered, key), at(live, key),
             here + "/" + escapePointer(key));
    } else if (same(shape, answered, live)) {
      sent = live;
    }
  }

 private:
  const std::vector<std::string>& except_;
};

void cover(const Shape& shape, const Json& sent, const Json& live, const std::string& here, Coverage& out) {
  const auto* form = settled(shape, sent);
  if (!form || form->kind != Kind::object || !sent.is_object() || !live.is_object()) {
    ++out.told;
    return;
  }
  for (const auto& [key, value] : sent.items()) {
    const auto* property = propertyOf(form, key);
    const auto place = here + "/" + escapePointer(key);
    if (property && property->writeOnly)
      out.writeOnly.push_back(place);
    else if (at(live, key).is_null())
      out.missing.push_back(place);
    else
      cover(partOf(form, property), value, at(live, key), place, out);
  }
}

}  // namespace

Json asAnswered(const Type& type, const Json& sent, const Json& answered, const Json& live,
                const std::vector<std::string>& except) {
  Json out = sent;
  Answers(except).take(*type.root, out, answered, live, "");
  return out;
}

Coverage coverage(const Type& type, const Json& sent, const Json& live) {
  Coverage out;
  cover(*type.root, sent, live, "", out);
  return out;
}

std::vector<Difference> compare(const Type& type, const Json& before, const Json& after) {
  Comparison comparison;
  comparison.differ(*type.root, before, after, "", {});
  return std::move(comparison.out);
}

std::vector<Difference> drift(const Type& type, const Json& sent, const Json& live) {
  Drift found(type.tagProperty);
  if (sent.is_object() && live.is_object()) found.object(*type.root, sent, live, "", {});
  return std::move(found.out);
}

bool covers(const Shape& shape, const Json& sent, const Json& live) {
  return Drift::covers(shape, sent, live);
}

bool same(const Shape& shape, const Json& a, const Json& b) {
  return a == b || normal(shape, a) == normal(shape, b);
}

}  // namespace athanor::schema
