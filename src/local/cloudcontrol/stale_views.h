#pragma once

#include <map>
#include <optional>
#include <vector>

#include "local/cloudcontrol/resources.h"

namespace athanor::local::cloudcontrol {

/// What reads still show of resources that have changed: services whose reads lag behind their writes. Kept
/// in memory alone: a server that starts again shows what is.
class StaleViews {
 public:
  /// Until `until`, reads of `key` show `before`; none = that it does not exist.
  void keep(const ResourceKey& key, std::optional<StoredResource> before, Time until);
  /// What reads show at `now` where the truth is `truth`.
  std::optional<StoredResource> shown(const ResourceKey& key, std::optional<StoredResource> truth, Time now);
  /// The same for a page of a list: resources of one type in the order of their sequence numbers, those after
  /// `after`, and where `last`, all there are.
  void apply(const Caller& caller, const std::string& type, Time now, std::int64_t after, bool last,
             std::vector<StoredResource>& page);
  void clear() { views_.clear(); }

 private:
  struct View {
    std::optional<StoredResource> before;
    Time until;
  };
  std::map<ResourceKey, View> views_;
};

}  // namespace athanor::local::cloudcontrol
