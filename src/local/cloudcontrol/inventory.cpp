#include "local/cloudcontrol/inventory.h"

#include <fmt/format.h>

#include <algorithm>

#include "local/cloudcontrol/attributes.h"
#include "local/cloudcontrol/in_use.h"
#include "local/cloudcontrol/model.h"
#include "local/cloudcontrol/references.h"
#include "schema/identifier.h"

namespace athanor::local::cloudcontrol {

namespace {

/// The identifier as AWS writes it into "already exists": {"/properties/LogGroupName":"X"}.
std::string spelled(const schema::Type& type, const ResourceKey& key) {
  const auto parts = schema::identifierParts(type, key.identifier);
  if (!parts) return key.identifier;
  Json out = Json::object();
  for (const auto& [name, value] : parts->items()) out["/properties/" + name] = value;
  return out.dump();
}

}  // namespace

class Inventory::CallersWorld final : public World {
 public:
  CallersWorld(Inventory& inventory, Caller caller) : inventory_(inventory), caller_(std::move(caller)) {}

  const Caller& caller() const override { return caller_; }

  std::optional<Json> find(const std::string& type, const std::string& identifier) override {
    const auto found = inventory_.resources_.find({caller_, type, identifier});
    if (!found) return {};
    return Json::parse(found->model);
  }

  std::vector<ResourceKey> holders(const std::string& identifier) override {
    return inventory_.resources_.holders(caller_, identifier);
  }

  bool imply(const std::string& name, const Json& props) override {
    const auto* type = inventory_.catalogue_.find(name);
    if (!type) return false;
    const auto known = schema::identifierOf(*type, props);
    if (known && inventory_.resources_.find({caller_, name, *known})) return false;  // spares drafting it
    Draft draft;
    try {
      draft = inventory_.draft(caller_, *type, props);
    } catch (const HandlerFailure&) {
      return false;  // a bucket of that name stands elsewhere
    }
    if (inventory_.resources_.find(draft.key)) return false;
    auto resource = inventory_.stored(*type, draft.model, inventory_.sources_.now());
    resource.implied = true;
    inventory_.resources_.add(draft.key, resource);
    return true;
  }

  void remove(const std::string& name, const std::string& identifier) override {
    if (const auto found = inventory_.resources_.find({caller_, name, identifier}))
      inventory_.resources_.erase(found->sequence);
  }

  void say(const std::string& sentence) override {
    if (inventory_.say_) inventory_.say_(sentence);
  }

 private:
  Inventory& inventory_;
  Caller caller_;
};

Inventory::Inventory(Database& database, const schema::Catalogue& catalogue, const Behaviours& behaviours,
                     Sources sources, std::function<void(const std::string&)> say, bool checksReferences)
    : resources_(database),
      catalogue_(catalogue),
      behaviours_(behaviours),
      sources_(std::move(sources)),
      say_(std::move(say)),
      checksReferences_(checksReferences) {}

StoredResource Inventory::stored(const schema::Type& type, const Json& model, Time visibleFrom) const {
  StoredResource out;
  out.model = model.dump();
  out.visible = visibleModel(*type.root, model).dump();
  out.visibleFrom = visibleFrom;
  out.holds = behaviours_.of(type.name).holds(model);
  std::ranges::move(keptFromDeletion(type, model), std::back_inserter(out.holds));
  return out;
}

Inventory::Draft Inventory::draft(const Caller& caller, const schema::Type& type, Json props) {
  CallersWorld world(*this, caller);
  const Birth birth{caller, sources_.now(), randomId(sources_, 12), &sources_};
  behaviours_.of(type.name).complete(world, birth, props);
  fillDefaults(*type.root, props);
  giveAttributes(type, birth, props);
  const auto identifier = schema::identifierOf(type, props);
  if (!identifier)
    throw HandlerFailure("InternalFailure",
                         fmt::format("{} gives its resources no identifier here", type.name));
  return {{caller, type.name, *identifier}, std::move(props)};
}

void Inventory::create(const schema::Type& type, const Draft& draft, Time visibleFrom) {
  auto resource = stored(type, draft.model, visibleFrom);
  if (const auto found = resources_.find(draft.key)) {
    if (!found->implied)
      throw HandlerFailure("AlreadyExists",
                           fmt::format("Resource of type '{}' with identifier '{}' already exists.",
                                       type.name, spelled(type, draft.key)));
    resource.sequence = found->sequence;
    resources_.replace(resource);
  } else {
    resources_.add(draft.key, resource);
  }
  CallersWorld world(*this, draft.key.caller);
  behaviours_.of(type.name).created(world, draft.model);
  // Only now: it may have made what it refers to.
  if (checksReferences_)
    checkReferences(resources_, catalogue_, draft.key.caller, type, draft.model, Json::object());
}

void Inventory::settle(const schema::Type& type, const ResourceKey& key) {
  const auto found = resources_.find(key);
  if (!found) return;
  const auto before = Json::parse(found->model);
  auto model = before;
  CallersWorld world(*this, key.caller);
  behaviours_.of(type.name).settled(world, model);
  if (model != before) keep(type, key, model);
}

void Inventory::keep(const schema::Type& type, const ResourceKey& key, const Json& model) {
  const auto found = resources_.find(key);
  if (!found) return;
  auto resource = stored(type, model, found->visibleFrom);
  resource.sequence = found->sequence;
  resources_.replace(resource);
}

std::optional<StoredResource> Inventory::find(const ResourceKey& key) {
  auto found = resources_.find(key);
  if (found && found->visibleFrom > sources_.now()) return {};
  return found;
}

StoredResource Inventory::existing(const ResourceKey& key) {
  auto found = resources_.find(key);
  if (!found)
    throw HandlerFailure("NotFound", fmt::format("Resource of type '{}' with identifier '{}' was not found.",
                                                 key.type, key.identifier));
  return *std::move(found);
}

void Inventory::update(const schema::Type& type, const ResourceKey& key, Json model) {
  const auto found = existing(key);
  const auto before = Json::parse(found.model);
  CallersWorld world(*this, key.caller);
  behaviours_.of(type.name).updating(world, before, model);
  if (checksReferences_) checkReferences(resources_, catalogue_, key.caller, type, model, before);
  auto resource = stored(type, model, found.visibleFrom);
  resource.sequence = found.sequence;
  resources_.replace(resource);
}

void Inventory::remove(const schema::Type& type, const ResourceKey& key) {
  const auto found = existing(key);
  CallersWorld world(*this, key.caller);
  const auto model = Json::parse(found.model);
  behaviours_.of(type.name).deleting(world, model);
  refuseInUse(resources_, type, key, model);
  resources_.erase(found.sequence);
}

}  // namespace athanor::local::cloudcontrol
