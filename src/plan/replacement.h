#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/resource.h"
#include "schema/type.h"

namespace athanor::plan {

/// A recorded resource: id and generation.
using Key = std::pair<std::string, std::int64_t>;

/// Who depends on whom among recorded resources; building it costs their dependencies, asking it nothing.
class Dependents {
 public:
  void add(const Resource& resource);
  /// Those that were found to depend on `id`, in the order they were added.
  std::span<const Key> of(const std::string& id) const;

 private:
  std::unordered_map<std::string, std::vector<Key>> byId_;
};

/// What releases() looks things up in.
struct Recorded {
  const Dependents& dependents;
  std::function<const Resource*(const Key&)> find;  ///< null where it is not recorded any more
  std::function<const schema::Type*(const std::string& name)> type;  ///< null where there is none
};

/// Why the new generation of a resource cannot stand beside the old one, as a clause after "because"; ""
/// where it can. The schema says so, or its name is the user's own, stays the same and must be unique: it
/// makes up the whole identifier or ARN.
std::string deletesFirstBecause(const schema::Type& type, const Resource& recorded,
                                const Declaration& declaration);

/// What must be done to one resource before one that it refers to can be deleted and made again.
struct Release {
  enum class Kind : std::uint8_t {
    clear,   ///< the optional property that refers is taken out, and comes back with the new value
    remove,  ///< the property can only be given at creation: the resource is deleted, and made again after
  };
  Kind kind = Kind::clear;
  Key resource;
  std::string refersTo;                    ///< the id that it refers to
  std::string path;                        ///< the property that refers, as the user writes it
  std::vector<std::string> pointers = {};  ///< clear: what is taken out, JSON pointers in AWS's casing
};

/// All that has to be released, over however many hops, before `going` can be deleted though it comes again;
/// in the order in which it is to be done. A property refers where its whole value is an output of the other
/// resource; texts and free-form documents that mention it do not hold it. Throws Error(refused) where
/// something refers by a property that can neither be taken out nor made again.
std::vector<Release> releases(const Recorded& recorded, const Resource& going);

/// `props` without what a release takes out.
Json cleared(Json props, const Release& release);

}  // namespace athanor::plan
