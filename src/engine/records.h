#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/reference.h"
#include "base/resource.h"

namespace athanor::engine {

/// What is recorded of one scope, as the deployment goes on: the store's rows, kept in step with what is
/// committed.
class Records {
 public:
  explicit Records(std::vector<Resource> resources);

  /// The generation that stands for an id; null where there is none.
  const Resource* current(const std::string& id) const;
  /// Every generation of every id, by id and generation.
  const std::map<std::pair<std::string, std::int64_t>, Resource>& rows() const { return rows_; }
  std::size_t size() const { return rows_.size(); }
  /// The generation that a new resource of that id gets.
  std::int64_t nextGeneration(const std::string& id) const;

  void put(Resource resource);
  void drop(const std::string& id, std::int64_t generation);

  /// What a reference stands for now: an output, or the identifier ("/$id").
  std::optional<Json> find(const Reference& reference) const;

 private:
  std::map<std::pair<std::string, std::int64_t>, Resource> rows_;
};

}  // namespace athanor::engine
