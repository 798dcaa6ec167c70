#include "schema/catalogue.h"

#include <algorithm>
#include <deque>
#include <mutex>
#include <unordered_map>

#include "base/error.h"
#include "schema/decode.h"
#include "schema/document.h"
#include "schema/embedded.h"
#include "schema/import.h"
#include "schema/mapped_file.h"
#include "schema/names.h"
#include "schema/pack.h"

namespace athanor::schema {

namespace {
/// Where a type stands: in which pack, and at what place there.
struct Place {
  const Pack* pack = nullptr;
  std::size_t index = 0;
  std::string_view name() const { return pack->name(index); }
};

/// "IVS" and "RecordingConfiguration" of "AWS::IVS::RecordingConfiguration", or of a part of such a name.
struct Parts {
  std::string service;
  std::string resource;
};

Parts partsOf(std::string_view name) {
  std::string text(name);
  for (std::size_t at; (at = text.find('.')) != std::string::npos;) text.replace(at, 1, "::");
  if (lower(text).starts_with("aws::")) text.erase(0, 5);
  const auto split = text.find("::");
  if (split == std::string::npos) return {"", text};
  return {text.substr(0, split), text.substr(split + 2)};
}
}  // namespace

struct Catalogue::Impl {
  Impl() { packs.emplace_back(embeddedPack(), "the embedded catalogue"); }

  std::optional<Place> place(std::string_view name) const {
    for (auto pack = packs.rbegin(); pack != packs.rend(); ++pack)
      if (const auto index = pack->find(name)) return Place{&*pack, *index};
    return {};
  }

  std::optional<Place> place(std::string_view service, std::string_view resource) const {
    std::string name(service);
    name.append("::").append(resource);
    for (std::size_t at; (at = name.find('.')) != std::string::npos;) name.replace(at, 1, "::");
    if (const auto found = place("AWS::" + name)) return found;
    if (const auto found = place(name)) return found;
    const auto suffix = "::" + name;
    for (const auto& pack : packs)  // a type of another vendor: Alexa::ASK::Skill
      for (std::size_t i = 0; i < pack.size(); ++i) {
        const auto full = pack.name(i);
        if (full.size() > suffix.size() && equalLoosely(full.substr(full.size() - suffix.size()), suffix))
          return Place{&pack, i};
      }
    return {};
  }

  const Type* decoded(const Place& at, bool documented) {
    auto& slot = (documented ? withDocumentation : plain)[std::string(at.name())];
    if (slot) return slot;
    auto& fresh = all.emplace_back();
    read(at, documented, fresh);
    return slot = &fresh.type;
  }

  void read(const Place& at, bool documented, Decoded& out) const {
    auto schema = at.pack->read(at.index, Pack::Part::schema);
    const auto documentation = documented ? at.pack->read(at.index, Pack::Part::documentation) : Json();
    if (const auto own = packs.front().find(at.name()))
      if (const auto patch = packs.front().read(*own, Pack::Part::overlay); !patch.is_null())
        overlay(schema, patch);
    decode(schema, documentation, out);
  }

  void add(Pack pack) {
    packs.push_back(std::move(pack));
    plain.clear();
    withDocumentation.clear();
  }

  std::mutex mutex;        // guards all that follows
  std::deque<Pack> packs;  // later ones take precedence
  std::deque<std::string> imported;
  std::deque<MappedFile> files;
  std::unordered_map<std::string, const Type*> plain, withDocumentation;
  std::deque<Decoded> all;
};

Catalogue::Catalogue() : impl_(std::make_unique<Impl>()) {}
Catalogue::~Catalogue() = default;

const Type* Catalogue::find(std::string_view name) const {
  const std::lock_guard lock(impl_->mutex);
  const auto place = impl_->place(name);
  return place && place->name() == name ? impl_->decoded(*place, false) : nullptr;
}

const Type* Catalogue::find(std::string_view service, std::string_view resource) const {
  const std::lock_guard lock(impl_->mutex);
  const auto place = impl_->place(service, resource);
  return place ? impl_->decoded(*place, false) : nullptr;
}

const Type* Catalogue::documented(std::string_view name) const {
  const std::lock_guard lock(impl_->mutex);
  const auto place = impl_->place(name);
  return place ? impl_->decoded(*place, true) : nullptr;
}

void Catalogue::each(const std::function<void(const Type&)>& visit) const {
  for (const auto name : names()) {
    Decoded passing;
    {
      const std::lock_guard lock(impl_->mutex);
      if (const auto place = impl_->place(name)) impl_->read(*place, true, passing);
    }
    visit(passing.type);
  }
}

std::vector<std::string_view> Catalogue::names() const {
  const std::lock_guard lock(impl_->mutex);
  std::vector<std::string_view> out;
  for (const auto& pack : impl_->packs)
    for (std::size_t i = 0; i < pack.size(); ++i) out.push_back(pack.name(i));
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::vector<std::string> Catalogue::nearest(std::string_view name, std::size_t most) const {
  const auto wanted = partsOf(name);
  std::vector<std::pair<std::size_t, std::string_view>> near;
  for (const auto candidate : names()) {
    const auto parts = partsOf(candidate);
    const auto apart = wanted.service.empty() ? 0 : editDistance(wanted.service, parts.service);
    if (apart > std::max<std::size_t>(1, wanted.service.size() / 2)) continue;
    auto distance = editDistance(wanted.resource, parts.resource);
    const bool start =
        wanted.resource.size() >= 3 && lower(parts.resource).starts_with(lower(wanted.resource));
    if (start) distance = std::min<std::size_t>(distance, 2);
    if (distance > std::max<std::size_t>(2, wanted.resource.size() / 3)) continue;
    near.emplace_back(distance + 2 * apart, candidate);
  }
  std::ranges::sort(near);
  std::vector<std::string> out;
  for (std::size_t i = 0; i < std::min(most, near.size()); ++i) out.emplace_back(near[i].second);
  return out;
}

std::size_t Catalogue::import(const std::filesystem::path& source) {
  auto read = packOf(source);
  const std::lock_guard lock(impl_->mutex);
  const auto& bytes = impl_->imported.emplace_back(std::move(read));
  Pack pack(bytes, source.string());
  const auto count = pack.size();
  impl_->add(std::move(pack));
  return count;
}

void Catalogue::load(const std::filesystem::path& file) {
  const std::lock_guard lock(impl_->mutex);
  const auto& mapped = impl_->files.emplace_back(file);
  impl_->add(Pack(mapped.bytes(), file.string()));
}

}  // namespace athanor::schema
