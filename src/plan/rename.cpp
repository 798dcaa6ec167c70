#include "plan/rename.h"

#include "base/reference.h"

namespace athanor::plan {

std::optional<Resource> renamed(const Resource& resource, const std::string& from, const std::string& to) {
  auto out = resource;
  if (out.id == from) out.id = to;
  for (auto& id : out.dependsOn)
    if (id == from) id = to;
  for (auto& id : out.options.dependsOn)
    if (id == from) id = to;
  auto props = substitute(resource.props, [&](const Reference& reference) -> std::optional<Json> {
    if (reference.id != from) return {};
    return refer({to, reference.path});
  });
  out.setProps(std::move(props), resource.resolved());
  if (out == resource) return {};
  return out;
}

}  // namespace athanor::plan
