#pragma once

#include <functional>
#include <optional>

#include "base/reference.h"
#include "base/resource.h"
#include "plan/plan.h"
#include "schema/type.h"

namespace athanor::plan {

/// A resource that stands, but is not recorded.
struct Existing {
  std::string identifier;
  Json properties;
};

/// What is known of a resource beside its declaration.
struct Evidence {
  enum class Live : std::uint8_t { unchecked, gone, present };

  const Resource* recorded = nullptr;  ///< null = nothing recorded
  Live live = Live::unchecked;
  Json liveProps;  ///< where it is present
  /// The recorded props in the form that the provider was sent (the same as recorded->resolved(), or
  /// translated).
  Json sent;
  /// Where nothing is recorded: what the declaration takes over.
  std::optional<Existing> existing = {};
  /// Why the resource must be replaced whatever its own props say; "" where nothing forces it.
  std::string forced = {};
  /// The target that the declaration is deployed to.
  Target target;
  /// Whether what a reference stands for is about to become another value: its producer is created or
  /// replaced.
  std::function<bool(const Reference&)> willChange;
};

/// The step that brings a resource from what is recorded to what is declared: nothing recorded → adopt what
/// exists, else create; gone
/// → create; another type, another target, a failed creation or a changed create-only property → replace; any
/// other difference, in props, options or the live state → update; else keep. `declaration` has valid props
/// in AWS's casing.
Step planStep(const schema::Type& type, Declaration declaration, const Evidence& evidence);

/// True where the value at `pointer` is one of these secrets, lies inside of one, or holds one.
bool isSecret(const std::string& pointer, const std::vector<std::string>& secrets);

/// The step that deletes a recorded resource.
Step planDelete(const Resource& recorded, std::string reason);

}  // namespace athanor::plan
