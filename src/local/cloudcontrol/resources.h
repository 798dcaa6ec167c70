#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "local/cloudcontrol/database.h"
#include "local/cloudcontrol/operation.h"

namespace athanor::local::cloudcontrol {

/// A resource at rest. Models are JSON text.
struct StoredResource {
  std::int64_t sequence = 0;
  std::string identifier;
  std::string model;    ///< all of it
  std::string visible;  ///< what reads may show
  Time visibleFrom;
  bool implied = false;            ///< made along with another resource, not asked for by name
  std::vector<std::string> holds;  ///< identifiers of resources that it uses; not filled by reads
};

/// The resources of all accounts and regions.
class Resources {
 public:
  explicit Resources(Database& database);

  std::optional<StoredResource> find(const ResourceKey& key);
  /// Up to `most` of a type that are visible at `now`, oldest first, those after the sequence number `after`.
  std::vector<StoredResource> list(const Caller& caller, const std::string& type, Time now,
                                   std::int64_t after, std::int64_t most);
  void add(const ResourceKey& key, const StoredResource& resource);
  /// Replaces all but sequence and identifier.
  void replace(const StoredResource& resource);
  void erase(std::int64_t sequence);
  /// Whether a type has any resource that a caller asked for (`text` empty), or one whose model, as JSON
  /// text, has `text` in it; in the caller's region, or everywhere in the account.
  bool any(const Caller& caller, const std::string& type, bool everywhere, const std::string& text);
  /// Those of the same account and region that hold `identifier`.
  std::vector<ResourceKey> holders(const Caller& caller, const std::string& identifier);

 private:
  void hold(std::int64_t sequence, const std::vector<std::string>& held);

  Database& database_;
  SQLite::Statement find_, list_, add_, replace_, erase_, hold_, release_, holders_, anyHere_, anyEverywhere_;
};

}  // namespace athanor::local::cloudcontrol
