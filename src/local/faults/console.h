#pragma once

#include "local/cloudcontrol/inventory.h"
#include "schema/catalogue.h"

namespace athanor::local {

/// Somebody else's hand on the resources, past Cloud Control, as by a service's own console: no request of
/// Cloud Control tells of it, and operations under way do not hinder it. To be used within a batch of the
/// database.
class Console {
 public:
  Console(cloudcontrol::Database& database, cloudcontrol::Inventory& inventory,
          const schema::Catalogue& catalogue)
      : database_(database), inventory_(inventory), catalogue_(catalogue) {}

  /// Applies a merge patch (RFC 7396) to what reads show; read-only and create-only properties may change
  /// too, the identifier may not. Throws cloudcontrol::ApiError where the result breaks the schema or there
  /// is no such type, cloudcontrol::HandlerFailure where the resource is gone or its service refuses.
  void edit(const cloudcontrol::ResourceKey& key, const Json& set);
  /// Throws the same.
  void remove(const cloudcontrol::ResourceKey& key);

 private:
  struct Found;
  Found find(const cloudcontrol::ResourceKey& key);

  cloudcontrol::Database& database_;
  cloudcontrol::Inventory& inventory_;
  const schema::Catalogue& catalogue_;
};

}  // namespace athanor::local
