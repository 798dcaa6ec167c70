#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "local/cloudcontrol/failure.h"
#include "local/cloudcontrol/operation.h"

namespace athanor::local::cloudcontrol {

/// What a resource that is being made is told of itself.
struct Birth {
  Caller caller;
  Time at;
  std::string id;          ///< 12 of [A-Za-z0-9], new
  const Sources* sources;  ///< for further random parts; lives as long as the call
};

/// The other resources of the same account and region, as a type's behaviour sees them.
class World {
 public:
  virtual ~World() = default;
  virtual const Caller& caller() const = 0;
  /// A resource's full model; none where there is no such resource.
  virtual std::optional<Json> find(const std::string& type, const std::string& identifier) = 0;
  /// Those that hold on to `identifier` (Behaviour::holds).
  virtual std::vector<ResourceKey> holders(const std::string& identifier) = 0;
  /// Makes a resource along with the one at hand, unless there is one of that identifier already; true where
  /// it was made. One that a caller creates later takes it over.
  virtual bool imply(const std::string& type, const Json& props) = 0;
  /// Deletes a resource along with the one at hand.
  virtual void remove(const std::string& type, const std::string& identifier) = 0;
  /// Says something that a person wants to know.
  virtual void say(const std::string& sentence) = 0;
};

/// What a type does beyond what its schema says. This one does nothing beyond it. A method that throws
/// HandlerFailure ends the operation as FAILED.
class Behaviour {
 public:
  virtual ~Behaviour() = default;

  /// Completes the model of a new resource, before defaults and read-only properties that are still absent
  /// are filled in by the schema.
  virtual void complete(World&, const Birth&, Json& /*model*/) const {}
  /// It stands; `model` is what is kept.
  virtual void created(World&, const Json& /*model*/) const {}
  /// The operation that made it is over; changes to `model` are kept.
  virtual void settled(World&, Json& /*model*/) const {}
  /// It is about to become `after`, which may still be changed.
  virtual void updating(World&, const Json& /*before*/, Json& /*after*/) const {}
  /// It is about to go.
  virtual void deleting(World&, const Json& /*model*/) const {}
  /// Identifiers of other resources that one with this model holds on to.
  virtual std::vector<std::string> holds(const Json& /*model*/) const { return {}; }
};

/// The behaviours of those types that have one.
class Behaviours {
 public:
  void add(std::string type, std::unique_ptr<Behaviour> behaviour) {
    of_.insert_or_assign(std::move(type), std::move(behaviour));
  }
  const Behaviour& of(std::string_view type) const {
    const auto found = of_.find(type);
    return found == of_.end() ? none_ : *found->second;
  }
  bool has(std::string_view type) const { return of_.contains(type); }

 private:
  std::map<std::string, std::unique_ptr<Behaviour>, std::less<>> of_;
  Behaviour none_;
};

}  // namespace athanor::local::cloudcontrol
