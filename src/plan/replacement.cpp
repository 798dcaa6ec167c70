#include "plan/replacement.h"

#include <algorithm>
#include <optional>
#include <set>

#include "base/reference.h"
#include "plan/ignored.h"
#include "schema/casing.h"
#include "schema/compare.h"
#include "schema/identifier.h"
#include "schema/pick.h"
#include "schema/validate.h"

namespace athanor::plan {

void Dependents::add(const Resource& resource) {
  for (const auto& id : resource.dependsOn) byId_[id].emplace_back(resource.id, resource.generation);
}

std::span<const Key> Dependents::of(const std::string& id) const {
  const auto found = byId_.find(id);
  return found == byId_.end() ? std::span<const Key>() : found->second;
}

namespace {

bool sameString(const Json& before, const Json& after, const std::string& key) {
  const auto was = before.find(key), is = after.find(key);
  return was != before.end() && is != after.end() && is->is_string() && *was == *is;
}

}  // namespace

std::string deletesFirstBecause(const schema::Type& type, const Resource& recorded,
                                const Declaration& declaration) {
  if (recorded.type != declaration.type) return "";
  if (type.deleteFirst) return "two of its kind cannot stand side by side";
  std::string name;
  const auto wanted = schema::identifierOf(type, declaration.props);
  if (wanted && *wanted == recorded.identifier) {
    for (const auto& part : type.identifier) name += (name.empty() ? "" : " and ") + schema::camelCase(part);
  } else if (const auto* own = schema::uniqueName(type);
             own && sameString(recorded.resolved(), declaration.props, own->name)) {
    name = schema::camelCase(own->name);
  }
  return name.empty() ? "" : "its " + name + " stays the same and must be unique";
}

namespace {

/// Finds where a resource's props refer to another one.
class Holds {
 public:
  Holds(const Resource& holder, const Resource& held) : holder_(holder), held_(held) {}

  std::vector<std::string> in(const schema::Shape& root) {
    walk(&root, holder_.props, holder_.resolved(), "");
    return std::move(out_);
  }

 private:
  void walk(const schema::Shape* shape, const Json& declared, const Json& sent, const std::string& here) {
    if (const auto reference = asReference(declared)) {
      if (reference->id == held_.id) out_.push_back(here);
      return;
    }
    if (sent.is_string()) {
      if (names(sent.get_ref<const std::string&>())) out_.push_back(here);
      return;
    }
    const auto* form = shape ? schema::settled(*shape, sent) : nullptr;
    if (!form || !sent.is_structured()) return;
    if (sent.is_array() && form->kind == schema::Kind::list) {
      for (std::size_t i = 0; i < sent.size(); ++i)
        walk(form->element, partOf(declared, i), sent[i], here + "/" + std::to_string(i));
    } else if (sent.is_object() && form->kind == schema::Kind::object) {
      for (const auto& [key, value] : sent.items())
        if (const auto* property = form->find(key))
          walk(property->shape, partOf(declared, key), value, here + "/" + escapePointer(key));
    }
  }

  static const Json& partOf(const Json& array, std::size_t i) {
    return array.is_array() && i < array.size() ? array[i] : none();
  }
  static const Json& partOf(const Json& object, const std::string& key) {
    const auto found = object.is_object() ? object.find(key) : object.end();
    return object.is_object() && found != object.end() ? *found : none();
  }
  static const Json& none() {
    static const Json null;
    return null;
  }

  /// Only ARNs are so much like nothing else that a bare text counts as a reference.
  bool names(const std::string& text) const {
    if (!text.starts_with("arn:")) return false;
    if (text == held_.identifier) return true;
    return held_.outputs.is_object() &&
           std::ranges::any_of(held_.outputs, [&](const Json& output) { return output == text; });
  }

  const Resource& holder_;
  const Resource& held_;
  std::vector<std::string> out_;
};

void erase(Json& props, const std::string& pointer) {
  const Json::json_pointer at(pointer);
  if (!props.contains(at)) return;
  auto& parent = props[at.parent_pointer()];
  if (parent.is_array())
    parent.erase(static_cast<std::size_t>(std::stoul(at.back())));
  else
    parent.erase(at.back());
}

/// The least that can be taken out of `props` at or above `pointer` so that they are still valid; none where
/// nothing can.
std::optional<std::string> least(const schema::Type& type, const Json& props, const std::string& pointer) {
  for (Json::json_pointer at(pointer); !at.empty(); at = at.parent_pointer()) {
    auto without = props;
    erase(without, at.to_string());
    if (schema::validate(type, without).empty()) return at.to_string();
  }
  return {};
}

bool createOnly(const schema::Type& type, const Json& before, const std::string& pointer) {
  auto after = before;
  erase(after, pointer);
  return std::ranges::any_of(schema::compare(type, before, after),
                             [](const schema::Difference& one) { return one.createOnly; });
}

class Releasing {
 public:
  explicit Releasing(const Recorded& recorded) : recorded_(recorded) {}

  std::vector<Release> out;

  void visit(const Resource& going) {
    seen_.emplace(going.id, going.generation);
    for (const auto& key : recorded_.dependents.of(going.id)) {
      const auto* holder = recorded_.find(key);
      if (holder && !seen_.contains(key)) release(*holder, going);
    }
  }

 private:
  void release(const Resource& holder, const Resource& going) {
    const auto* type = recorded_.type(holder.type);
    if (!type) return;
    auto holds = Holds(holder, going).in(*type->root);
    // What the user lets others change is left to them.
    std::erase_if(holds, [&](const std::string& pointer) { return ignores(holder.options, pointer); });
    if (holds.empty()) return;
    Release release{.resource = {holder.id, holder.generation},
                    .refersTo = going.id,
                    .path = schema::camelPath(*type->root, holds.front())};
    const bool again = holder.status == Resource::Status::leaving ||
                       std::ranges::any_of(holds, [&](const std::string& pointer) {
                         return createOnly(*type, holder.resolved(), pointer);
                       });
    if (again) {
      release.kind = Release::Kind::remove;
      visit(holder);
    } else {
      auto props = holder.resolved();
      // From the last to the first, so that what is taken out of a list moves nothing still to come.
      for (auto pointer = holds.rbegin(); pointer != holds.rend(); ++pointer) {
        const auto taken = least(*type, props, *pointer);
        if (!taken || createOnly(*type, props, *taken)) refuse(holder, going, release.path);
        erase(props, *taken);
        release.pointers.push_back(*taken);
      }
    }
    out.push_back(std::move(release));
  }

  [[noreturn]] static void refuse(const Resource& holder, const Resource& going, const std::string& path) {
    throw Error(ErrorCode::refused, going.id + " cannot be replaced: it has to be deleted first, and " +
                                        holder.id + " refers to it by " + path +
                                        ", which it cannot be without")
        .of(going.id)
        .at(going.source)
        .next("let " + holder.id + " refer to something else, or delete it, in a deployment of its own");
  }

  const Recorded& recorded_;
  std::set<Key> seen_;
};

}  // namespace

std::vector<Release> releases(const Recorded& recorded, const Resource& going) {
  Releasing releasing(recorded);
  releasing.visit(going);
  return std::move(releasing.out);
}

Json cleared(Json props, const Release& release) {
  for (const auto& pointer : release.pointers) erase(props, pointer);
  return props;
}

}  // namespace athanor::plan
