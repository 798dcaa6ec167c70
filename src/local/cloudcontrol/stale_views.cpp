#include "local/cloudcontrol/stale_views.h"

#include <algorithm>
#include <limits>

namespace athanor::local::cloudcontrol {

void StaleViews::keep(const ResourceKey& key, std::optional<StoredResource> before, Time until) {
  views_.insert_or_assign(key, View{std::move(before), until});
}

std::optional<StoredResource> StaleViews::shown(const ResourceKey& key, std::optional<StoredResource> truth,
                                                Time now) {
  const auto found = views_.find(key);
  if (found == views_.end()) return truth;
  if (now < found->second.until) return found->second.before;
  views_.erase(found);
  return truth;
}

void StaleViews::apply(const Caller& caller, const std::string& type, Time now, std::int64_t after, bool last,
                       std::vector<StoredResource>& page) {
  if (views_.empty()) return;
  const auto end = last || page.empty() ? std::numeric_limits<std::int64_t>::max() : page.back().sequence;
  std::erase_if(views_, [&](const auto& one) { return one.second.until <= now; });
  for (auto view = views_.lower_bound({caller, type, ""});
       view != views_.end() && view->first.caller == caller && view->first.type == type; ++view) {
    std::erase_if(page, [&](const auto& one) { return one.identifier == view->first.identifier; });
    const auto& before = view->second.before;
    if (before && before->sequence > after && before->sequence <= end) page.push_back(*before);
  }
  std::ranges::sort(page, {}, &StoredResource::sequence);
}

}  // namespace athanor::local::cloudcontrol
