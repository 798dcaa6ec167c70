#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "local/cloudcontrol/fate.h"
#include "local/cloudcontrol/input.h"
#include "local/cloudcontrol/inventory.h"
#include "local/cloudcontrol/operations.h"
#include "local/cloudcontrol/stale_views.h"

namespace athanor::local::cloudcontrol {

/// The Cloud Control API (2021-09-30): eight operations over all deployable types of the catalogue. The
/// caller opens a batch of the database before each call and commits it before the answer leaves.
class CloudControl {
 public:
  struct Settings {
    std::chrono::milliseconds latency{0};  ///< from acceptance to the end of each operation
    Sources sources;
    FateOf fate = {};  ///< none: every operation ends as its service has it
  };

  CloudControl(Database& database, Inventory& inventory, const schema::Catalogue& catalogue,
               Settings settings);

  /// The answer's body to one operation ("CreateResource"). Throws ApiError where the request is turned away,
  /// anything else where the database fails.
  std::string answer(const Caller& caller, std::string_view operation, std::string_view body);

  /// The names of all operations that answer() knows.
  static std::vector<std::string_view> operations();

  /// When settle() has something to do; none while nothing is under way.
  std::optional<Time> nextDue() const { return nextDue_; }
  /// Ends the operations that are due.
  void settle();
  /// To be called when a batch was rolled back: reads again what is under way.
  void reload() {
    nextDue_ = operations_.nextDue();
    catchUp();
  }
  /// From now on reads show what is.
  void catchUp() { stale_.clear(); }

 private:
  using Member = Json (CloudControl::*)(const Caller&, Input&);
  static std::span<const std::pair<std::string_view, Member>> table();

  Json create(const Caller& caller, Input& input);
  Json update(const Caller& caller, Input& input);
  Json remove(const Caller& caller, Input& input);
  Json get(const Caller& caller, Input& input);
  Json list(const Caller& caller, Input& input);
  Json status(const Caller& caller, Input& input);
  Json requests(const Caller& caller, Input& input);
  Json cancel(const Caller& caller, Input& input);

  /// The type of that name, which must be able to do `action` ("CREATE").
  const schema::Type& typeFor(const std::string& name, std::string_view action) const;
  ResourceKey keyFor(const Caller& caller, const schema::Type& type, const std::string& identifier) const;

  /// An operation on its way: accepted now, nothing of it kept yet.
  Operation accepted(const ResourceKey& resource, Verb verb, const Input& input) const;
  /// What the same ClientToken began before; none where it is new.
  std::optional<Json> replay(const Caller& caller, Verb verb, const Input& input);
  void refuseConcurrent(const ResourceKey& resource);
  /// Settles when an operation on `resource` ends and whether it is to fail; true where a create that fails
  /// leaves its resource behind.
  bool meetFate(const ResourceKey& resource, Operation& operation);
  /// What reads show.
  std::optional<StoredResource> shown(const ResourceKey& key);
  /// Keeps the operation; ends it at once where there is no latency.
  Json begin(Operation operation);
  void end(Operation& operation);
  void carryOut(const schema::Type& type, Operation& operation);
  Operation requested(const Caller& caller, const std::string& token);
  Json progress(const Operation& operation) const;
  void forgetOld();
  Time now() const { return settings_.sources.now(); }

  Database& database_;
  Inventory& inventory_;
  const schema::Catalogue& catalogue_;
  Settings settings_;
  Operations operations_;
  StaleViews stale_;
  std::optional<Time> nextDue_;
  Time forgotten_;
};

}  // namespace athanor::local::cloudcontrol
