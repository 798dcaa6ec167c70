#include "engine/records.h"

namespace athanor::engine {

Records::Records(std::vector<Resource> resources) {
  for (auto& resource : resources) put(std::move(resource));
}

const Resource* Records::current(const std::string& id) const {
  auto after = rows_.upper_bound({id, INT64_MAX});
  while (after != rows_.begin() && std::prev(after)->first.first == id) {
    --after;
    if (after->second.status != Resource::Status::leaving) return &after->second;
  }
  return nullptr;
}

std::int64_t Records::nextGeneration(const std::string& id) const {
  auto after = rows_.upper_bound({id, INT64_MAX});
  return after != rows_.begin() && std::prev(after)->first.first == id ? std::prev(after)->first.second + 1
                                                                       : 1;
}

void Records::put(Resource resource) {
  auto key = std::pair(resource.id, resource.generation);
  rows_.insert_or_assign(std::move(key), std::move(resource));
}

void Records::drop(const std::string& id, std::int64_t generation) { rows_.erase({id, generation}); }

std::optional<Json> Records::find(const Reference& reference) const {
  const auto* resource = current(reference.id);
  if (!resource) return {};
  if (reference.path == "/$id") return Json(resource->identifier);
  const Json::json_pointer at(reference.path);
  if (!resource->outputs.contains(at)) return {};
  return resource->outputs[at];
}

}  // namespace athanor::engine
