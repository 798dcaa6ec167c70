#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "state/database.h"
#include "state/seal.h"
#include "state/store.h"

namespace athanor::state {

/// A Resource as the columns record, props, resolved, outputs, secrets; secrets sealed in place.
struct ResourceRow {
  std::string record;  ///< everything but the three trees
  std::string props;
  std::string resolved;  ///< "" (NULL) where it equals props
  std::string outputs;
  std::string secrets;  ///< JSON array of pointers
};

/// `sealer` is used only where `secrets` name something.
ResourceRow toRow(const Resource& resource, const std::vector<std::string>& secrets, Sealer& sealer);
/// Binds the five columns.
void bind(Query& query, const ResourceRow& row);
/// Reads the five columns from `first` on. Sealed values are opened where `sealer` is given.
Resource resourceAt(const Query& query, int first, Sealer* sealer);
std::vector<std::string> secretsFrom(std::string_view column);

const char* name(Entry::Operation operation);
Entry::Operation operationFrom(std::string_view name);

/// Time points as nanoseconds since 1970.
std::int64_t toNanoseconds(std::chrono::system_clock::time_point time);
std::chrono::system_clock::time_point fromNanoseconds(std::int64_t count);

}  // namespace athanor::state
