#pragma once

#include <functional>
#include <optional>
#include <string>

#include "local/cloudcontrol/behaviour.h"
#include "local/cloudcontrol/resources.h"
#include "schema/catalogue.h"
#include "schema/type.h"

namespace athanor::local::cloudcontrol {

/// The resources as their services see them: models that are complete by their schema and behave as their
/// type does. Knows nothing of Cloud Control's operations, so that a service's own API can use it too.
class Inventory {
 public:
  Inventory(Database& database, const schema::Catalogue& catalogue, const Behaviours& behaviours,
            Sources sources, std::function<void(const std::string&)> say, bool checksReferences = true);

  /// A resource that is not there yet.
  struct Draft {
    ResourceKey key;
    Json model;
  };

  /// What `props` (checked by the caller) would become. Throws HandlerFailure where the service refuses.
  Draft draft(const Caller& caller, const schema::Type& type, Json props);
  /// Makes it. Throws HandlerFailure (AlreadyExists) where one of that identifier stands.
  void create(const schema::Type& type, const Draft& draft, Time visibleFrom);
  /// The operation that made it is over.
  void settle(const schema::Type& type, const ResourceKey& key);
  /// Makes `model` what it is, whatever its service says; nothing where it is gone.
  void keep(const schema::Type& type, const ResourceKey& key, const Json& model);
  /// None where there is none, or none that is visible yet.
  std::optional<StoredResource> find(const ResourceKey& key);
  /// Replaces what callers may give. Throws HandlerFailure where it is gone or the service refuses.
  void update(const schema::Type& type, const ResourceKey& key, Json model);
  /// Throws HandlerFailure where it is gone or the service refuses.
  void remove(const schema::Type& type, const ResourceKey& key);

  Resources& resources() { return resources_; }

 private:
  class CallersWorld;
  friend class CallersWorld;

  StoredResource stored(const schema::Type& type, const Json& model, Time visibleFrom) const;
  StoredResource existing(const ResourceKey& key);

  Resources resources_;
  const schema::Catalogue& catalogue_;
  const Behaviours& behaviours_;
  Sources sources_;
  std::function<void(const std::string&)> say_;
  bool checksReferences_;
};

}  // namespace athanor::local::cloudcontrol
