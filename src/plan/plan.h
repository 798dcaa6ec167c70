#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/resource.h"

namespace athanor::plan {

enum class Action : std::uint8_t { create, update, replace, remove, adopt, keep };

/// "create", "update", "replace", "delete", "adopt", "keep".
const char* name(Action action);

/// One changed property.
struct Change {
  std::string path;        ///< as the user writes it: "destinationConfiguration.s3.bucketName"
  Json before;             ///< null = absent
  Json after;              ///< null = absent; may hold references that are not known yet (base/reference.h)
  bool replaces = false;   ///< this change is why the resource is replaced
  bool sensitive = false;  ///< its values are not to be shown
  bool drift = false;      ///< the live resource was changed by something else
};

/// In which order the old and the new generation of a replaced resource live.
enum class Order : std::uint8_t { createFirst, deleteFirst };

/// "create-first", "delete-first".
const char* name(Order order);

/// One planned change. `id` names the resource; a plan has at most one step for an id.
struct Step {
  std::string id;
  std::string type;
  Action action = Action::keep;
  std::vector<std::string> reasons = {};  ///< sentences without a full stop
  std::vector<Change> changes = {};
  std::vector<std::string> dependsOn = {};  ///< ids of resources whose steps come first
  SourcePlace source = {};                  ///< of the declaration; for a delete, of the recorded one
  /// The declaration was made before any unknown was handed out: the step may run before the replay declares
  /// it.
  bool certain = true;
  /// What the resource is to be: props as far as they are known. Empty for a delete.
  Declaration declaration = {};
  /// The recorded generation that the step starts from; 0 where nothing is recorded.
  std::int64_t generation = 0;
  /// Of a deletion or replacement: all that the old one holds is deleted with it (emptyOnDelete).
  bool empties = false;
  std::string adopts = {};  ///< of an adoption: the identifier of what is taken over
  /// Of a replacement: which generation goes or comes first, and why where the old one goes first.
  Order order = Order::createFirst;
  std::string orderReason = {};
  std::vector<std::string> referredBy = {};  ///< of a replacement: ids of what depends on the resource
  std::vector<std::string> interruptions =
      {};  ///< of a replacement: what is missing until it is done, in clauses
};

struct Summary {
  std::size_t create = 0, update = 0, replace = 0, remove = 0, adopt = 0, keep = 0;
  std::size_t changes() const { return create + update + replace + remove + adopt; }
};

/// All steps of one deployment, in an order in which they could run one after the other.
struct Plan {
  std::string app;
  std::string stage;
  Target target;
  std::vector<Step> steps = {};
  /// Deletions that are decided during the deployment: of what was declared only after a step failed that is
  /// to be tried again. Done where the program then does not declare it.
  std::vector<Step> undecided = {};
  /// Where and why the preview ended before the program did; "" where it saw all of it.
  std::string endedEarly;
  SourcePlace endedAt;
  /// Live state was not read (--no-refresh).
  bool unchecked = false;
  /// How long it takes, going by earlier deployments; none where too little is known.
  std::optional<std::chrono::milliseconds> predicted = {};
  /// The program it was made from, and what names the records it was made against (state::versionOf); "" in a
  /// plan that is not to be saved.
  std::string program = {};
  std::string stateVersion = {};
  std::vector<std::string> unselected = {};  ///< ids whose changes were not asked for (--target, --exclude)

  Summary summary() const;
};

/// The documented JSON form ("format": 1) of `athanor plan --json` and of the plan inside `deploy --json`.
Json toJson(const Plan& plan);

}  // namespace athanor::plan
