#include "local/faults/console.h"

#include <fmt/format.h>

#include "local/cloudcontrol/model.h"
#include "local/cloudcontrol/validation.h"
#include "schema/identifier.h"

namespace athanor::local {

using cloudcontrol::ResourceKey;

struct Console::Found {
  const schema::Type& type;
  ResourceKey key;
  cloudcontrol::StoredResource resource;
};

Console::Found Console::find(const ResourceKey& key) {
  const auto* type = catalogue_.find(key.type);
  if (!type)
    throw cloudcontrol::apiError("TypeNotFoundException",
                                 fmt::format("The type '{}' cannot be found.", key.type));
  const auto parts = schema::identifierParts(*type, key.identifier);
  const auto canonical = parts ? schema::identifierOf(*type, *parts) : std::nullopt;
  const ResourceKey exact{key.caller, type->name, canonical.value_or(key.identifier)};
  auto resource = inventory_.find(exact);
  if (!resource)
    throw cloudcontrol::HandlerFailure(
        "NotFound", fmt::format("Resource of type '{}' with identifier '{}' was not found.", exact.type,
                                exact.identifier));
  return {*type, exact, *std::move(resource)};
}

void Console::edit(const ResourceKey& key, const Json& set) {
  const auto found = find(key);
  auto next = Json::parse(found.resource.visible);
  next.merge_patch(set);
  cloudcontrol::validateModel(found.type, next, true);
  if (schema::identifierOf(found.type, next) != found.key.identifier)
    throw cloudcontrol::HandlerFailure("NotUpdatable", "What identifies a resource cannot be edited.");
  cloudcontrol::carry(*found.type.root, Json::parse(found.resource.model), next);
  cloudcontrol::Attempt attempt(database_);
  inventory_.update(found.type, found.key, std::move(next));
  attempt.keep();
}

void Console::remove(const ResourceKey& key) {
  const auto found = find(key);
  cloudcontrol::Attempt attempt(database_);
  inventory_.remove(found.type, found.key);
  attempt.keep();
}

}  // namespace athanor::local
